/** km/s. */
const C = 299_792.458;
/** cm in a megaparsec. */
export const CM_PER_MPC = 3.085677581491367e24;
/** Gyr in Mpc s/km. */
const GYR_PER_HUBBLE = 3.085677581491367e19 / (365.25 * 86_400) / 1e9;
/** Photon energy density over the critical one, times h², per kelvin⁴: 4σT⁴/c³ over 3H₀²/8πG. */
const PHOTON_DENSITY = (4 * 5.6703744191844314e-5) / 29_979_245_800 ** 3 / 1.878341616933167e-29;
/** eV/K. */
const BOLTZMANN_EV = 8.617333262145179e-5;

/** Parameters of a Friedmann universe with a cosmological constant. */
export interface CosmologyParameters {
  readonly name?: string;
  /** km/s/Mpc. */
  readonly h0: number;
  /** Matter density today over the critical one, without massive neutrinos. */
  readonly om0: number;
  /** Dark energy today. Default: what makes space flat. */
  readonly ode0?: number;
  /** Temperature of the background radiation, K; 0 leaves radiation and neutrinos out. Default 0. */
  readonly tcmb0?: number;
  /** Effective number of neutrino species. Default 3.04. */
  readonly nEff?: number;
  /** Neutrino masses, eV, one per species. Default massless. */
  readonly mNuEv?: readonly number[];
}

/**
 * Distances and times of an expanding universe with matter, radiation, neutrinos and a cosmological constant.
 *
 * Massive neutrinos follow the fitting formula of Komatsu et al. 2011, as in astropy, whose distances and times agree to 1e-11.
 *
 * @example
 * PLANCK18.luminosityDistanceMpc(0.5) // 2919.6
 * PLANCK18.luminosity(1e-14, { z: 0.5, gamma: 1.8 }) // erg/s
 */
export class Cosmology {
  readonly name: string;
  readonly h0: number;
  readonly om0: number;
  readonly ode0: number;
  /** Curvature density today. */
  readonly ok0: number;
  /** Photon density today. */
  readonly ogamma0: number;
  readonly #massless: number;
  /** Mass over temperature of each massive neutrino, today. */
  readonly #massive: readonly number[];
  readonly #perSpecies: number;

  /** @throws {RangeError} If `h0` is not positive or `om0` negative. */
  constructor(parameters: CosmologyParameters) {
    const { h0, om0, tcmb0 = 0, nEff = 3.04, mNuEv = [0, 0, 0] } = parameters;
    if (!(h0 > 0) || !(om0 >= 0)) {
      throw new RangeError(
        `Cannot make a cosmology: h0 must be positive and om0 0 or more: current values are ${h0} and ${om0}`,
      );
    }
    this.name = parameters.name ?? `H0=${h0}, Om0=${om0}`;
    this.h0 = h0;
    this.om0 = om0;
    this.ogamma0 = (PHOTON_DENSITY * tcmb0 ** 4) / (h0 / 100) ** 2;
    const neutrinoTemperatureEv = BOLTZMANN_EV * 0.7137658555036082 * tcmb0;
    const heavy = tcmb0 > 0 ? mNuEv.filter((mass) => mass > 0) : [];
    this.#massive = heavy.map((mass) => mass / neutrinoTemperatureEv);
    this.#massless = mNuEv.length - heavy.length;
    this.#perSpecies = tcmb0 > 0 ? nEff / mNuEv.length : 0;
    const radiation = this.ogamma0 * (1 + this.#neutrinos(0));
    this.ode0 = parameters.ode0 ?? 1 - om0 - radiation;
    this.ok0 = parameters.ode0 === undefined ? 0 : 1 - om0 - radiation - this.ode0;
  }

  /** Expansion rate H(z)/H₀. */
  efunc(z: number): number {
    const a = 1 + z;
    const radiation = this.ogamma0 * (1 + this.#neutrinos(z));
    return Math.sqrt(a * a * (a * (radiation * a + this.om0) + this.ok0) + this.ode0);
  }

  /** Line-of-sight comoving distance, Mpc. */
  comovingDistanceMpc(z: number): number {
    checkRedshift(z);
    return (C / this.h0) * integrate((s) => Math.exp(s) / this.efunc(Math.expm1(s)), Math.log1p(z));
  }

  /** Transverse comoving distance, Mpc; differs from the other where space is curved. */
  comovingTransverseDistanceMpc(z: number): number {
    const distance = this.comovingDistanceMpc(z);
    if (this.ok0 === 0) return distance;
    const root = Math.sqrt(Math.abs(this.ok0));
    const hubble = C / this.h0;
    const bent = this.ok0 > 0 ? Math.sinh : Math.sin;
    return (hubble / root) * bent((root * distance) / hubble);
  }

  /** Luminosity distance, Mpc. */
  luminosityDistanceMpc(z: number): number {
    return (1 + z) * this.comovingTransverseDistanceMpc(z);
  }

  /** Angular diameter distance, Mpc. */
  angularDiameterDistanceMpc(z: number): number {
    return this.comovingTransverseDistanceMpc(z) / (1 + z);
  }

  /** Proper length that an arcsecond spans, kpc. */
  kpcPerArcsec(z: number): number {
    return (this.angularDiameterDistanceMpc(z) * 1000 * Math.PI) / 648_000;
  }

  /** Distance modulus, mag. */
  distanceModulus(z: number): number {
    return 5 * Math.log10(this.luminosityDistanceMpc(z)) + 25;
  }

  /** Time since the light left, Gyr. */
  lookbackTimeGyr(z: number): number {
    checkRedshift(z);
    return (GYR_PER_HUBBLE / this.h0) * integrate((s) => 1 / this.efunc(Math.expm1(s)), Math.log1p(z));
  }

  /** Age of the universe at a redshift, Gyr. */
  ageGyr(z = 0): number {
    checkRedshift(z);
    // In s = ln(1 + z) the integrand falls as e^(−1.5 s) or faster: 30 further e-foldings leave 1e-19
    const start = Math.log1p(z);
    return (GYR_PER_HUBBLE / this.h0) * integrate((s) => 1 / this.efunc(Math.expm1(start + s)), 30);
  }

  /**
   * Luminosity of a flux, both in the same band of the observer's and of the source's frame:
   * L = 4πd_L² F (1+z)^(Γ−2), for a power law N(E) ∝ E^−Γ.
   *
   * @param flux erg/s/cm².
   * @param options.z Redshift.
   * @param options.gamma Photon index Γ. Default 2, for which the factor is 1.
   * @returns erg/s.
   */
  luminosity(flux: number, options: { z: number; gamma?: number }): number {
    const { z, gamma = 2 } = options;
    return 4 * Math.PI * (this.luminosityDistanceMpc(z) * CM_PER_MPC) ** 2 * flux * (1 + z) ** (gamma - 2);
  }

  /** Energy density of neutrinos over that of photons (Komatsu et al. 2011, ApJS 192, 18, eq. 26). */
  #neutrinos(z: number): number {
    const relativistic = 0.875 * (4 / 11) ** (4 / 3) * this.#perSpecies;
    let species = this.#massless;
    for (const ratio of this.#massive) {
      const y = ratio / (1 + z);
      species += (1 + (0.3173 * y) ** 1.83) ** (1 / 1.83);
    }
    return relativistic * species;
  }
}

function checkRedshift(z: number): void {
  if (!(z > -1)) throw new RangeError(`Cannot use a redshift: it must be above -1: current value is ${z}`);
}

/** 20-point Gauss–Legendre nodes and weights on (−1, 1), the positive half. */
const NODES = [
  0.07652652113349734, 0.22778585114164507, 0.37370608871541955, 0.5108670019508271, 0.636053680726515,
  0.7463319064601508, 0.8391169718222188, 0.912234428251326, 0.9639719272779138, 0.9931285991850949,
];
const WEIGHTS = [
  0.15275338713072584, 0.14917298647260374, 0.14209610931838204, 0.13168863844917664, 0.11819453196151841,
  0.10193011981724044, 0.08327674157670475, 0.06267204833410907, 0.04060142980038694, 0.017614007139152118,
];

/** ∫₀^b by Gauss–Legendre on pieces of one unit or less. */
function integrate(f: (x: number) => number, b: number): number {
  const pieces = Math.max(1, Math.ceil(Math.abs(b)));
  const half = b / pieces / 2;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const middle = (2 * piece + 1) * half;
    for (let i = 0; i < NODES.length; i++) {
      sum += WEIGHTS[i]! * (f(middle + half * NODES[i]!) + f(middle - half * NODES[i]!));
    }
  }
  return sum * half;
}
