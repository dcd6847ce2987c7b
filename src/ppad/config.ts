/** One stage of training. */
export interface PpadStage {
  /** What is trained: decoder and latents together by minibatches, or the latents alone with the decoder frozen. */
  readonly train: "all" | "latents";
  /** Which sources take part: all, or the brightest `brightFraction` of them (the published warm-up). Default "all". */
  readonly sources?: "all" | "bright";
  /** Share of sources, by photons, that count as bright, 0–1. Default 0.14, as in the published warm-up. */
  readonly brightFraction?: number;
  /** Passes over the sources; for "latents", Adam steps per source. */
  readonly epochs: number;
  /** Adam's step size for the decoder. */
  readonly decoderRate: number;
  /** Adam's step size for the latents. */
  readonly latentRate: number;
  /** Step sizes over the stage: halved after 50 epochs without improvement, or falling to zero along a cosine. */
  readonly schedule: "plateau" | "cosine";
}

/**
 * One heat of the search for a source's latent: the likeliest of what the heat before ended at, or of the starts, go
 * down some steps of BFGS, the first of them by the Fisher information of the photons.
 */
export interface PpadHeat {
  /** How many take part; there are up to 8 starts, since a source often has more than one minimum. */
  readonly starts: number;
  /** Steps of each at most. */
  readonly steps: number;
  /** Nodes of the integral, half of them where the photons are; "training": as in training. */
  readonly nodes: number | "training";
  /** Events of a source at most; a brighter one takes every k-th. Default: all. */
  readonly maxEvents?: number;
}

/** How the latents of new sources are found: by a quasi-Newton search in heats, or as published from the mean latent. */
export type PpadEmbedding =
  | {
      readonly method: "quasiNewton";
      readonly heats: readonly PpadHeat[];
      /** Decrease of the loss that is not worth another step; 0.01 is a hundredth of a nat. */
      readonly tolerance: number;
    }
  | {
      readonly method: "adam";
      readonly steps: number;
      /** Adam's step size, and whether it falls to zero along a cosine. */
      readonly rate: number;
      readonly schedule: "constant" | "cosine";
    };

/** All choices that define a PPAD model and its training. Spread one of the named configurations to change some. */
export interface PpadConfig {
  /** Numbers per source. */
  readonly latentSize: number;
  /** Width of the decoder; a multiple of 8. */
  readonly hiddenSize: number;
  /** Residual blocks. */
  readonly blocks: number;
  /** Octaves of the time code [t, sin π2ᵏt, cos π2ᵏt], k = 0 … frequencies − 1. */
  readonly frequencies: number;
  /** Edges of contiguous energy bands, eV, ascending; a band holds its lower edge, the last one both. */
  readonly bandEdgesEv: readonly number[];
  /** Seconds per unit of the decoder's time, counted from the start of the observation, or its whole length. */
  readonly timeScale: "observation" | number;
  /**
   * Whether the decoder is also given how long the observation is, as log₁₀ of its length over 10 ks: where time runs from
   * 0 to 1 over the observation, nothing else tells it a burst of seconds from one of hours. Default false.
   */
  readonly lengthInput?: boolean;
  /**
   * Where brightness lives. "latent": log r = decoder + log(rateScale), so the latent holds it (as published).
   * "source": log r = decoder + log(mean rate of the source per band), so the latent holds shape and hardness only.
   */
  readonly brightness: "latent" | "source";
  /**
   * Counts per unit of time and band that a decoder output of 0 stands for where brightness is "latent";
   * "population" takes the population's mean, which keeps outputs of order 1. Published: 1.
   */
  readonly rateScale: "population" | number;
  /** Over what the rate is integrated: the good time intervals, or the whole span whatever its gaps (as published). */
  readonly exposure: "gti" | "span";
  /** Where the observation ends: at the end of its last interval, or at its last event (as published; biased). */
  readonly end: "observation" | "lastEvent";
  /**
   * Nodes of the integral, per source. "stratified" draws one uniform time in each of `nodes` equal parts of the
   * exposure, anew at each step, so the integral is unbiased whatever the frequencies; "adaptive" does so too, but
   * spreads half of its nodes by events instead of time, which sees a burst of seconds in a day; "trapezoid" is the
   * fixed mesh of the publication, whose spacing is the shortest period the code can express.
   */
  readonly quadrature: { readonly rule: "stratified" | "adaptive" | "trapezoid"; readonly nodes: number };
  /**
   * Penalty on |Δr| (counts per unit of time) between neighbouring nodes and between neighbouring events, over gaps
   * too. "mean" over steps and bands is what the published code does, "sum" what its description says; the mean
   * shrinks as nodes are added, the sum does not.
   */
  readonly totalVariation: { readonly weight: number; readonly norm: "mean" | "sum" };
  /** Weight of the squared length of a latent. */
  readonly latentPenalty: number;
  /** Sources per step. */
  readonly batchSize: number;
  /** Greatest norm of the gradient; Infinity to leave it. */
  readonly gradientClip: number;
  /**
   * Greatest number of events of one source in one step: a brighter source takes every k-th event, from a random
   * start, with weight k, which leaves the gradient unbiased. Infinity to take all.
   */
  readonly maxEvents: number;
  /** The stages of training, in order. */
  readonly stages: readonly PpadStage[];
  /** How new sources are embedded under a frozen decoder. */
  readonly embedding: PpadEmbedding;
  /** First latents in training and embedding: draws from N(0, 1), or the source's own binned profile (see profile.ts). */
  readonly start: "normal" | "profile";
}

/**
 * Architecture, loss, stages and optimiser as published, with the faults of its integral mended.
 *
 * The publication names the stages and the final epoch, 600; how the epochs divide over the stages is our guess.
 */
export const ppadReference: PpadConfig = {
  latentSize: 8,
  hiddenSize: 512,
  blocks: 5,
  frequencies: 12,
  bandEdgesEv: [500, 1200, 2000, 7000],
  timeScale: 28_800,
  brightness: "latent",
  rateScale: 1,
  exposure: "gti",
  end: "observation",
  quadrature: { rule: "stratified", nodes: 2048 },
  totalVariation: { weight: 10, norm: "mean" },
  latentPenalty: 1,
  batchSize: 16,
  gradientClip: 10,
  maxEvents: Infinity,
  stages: [
    { train: "all", sources: "bright", epochs: 200, decoderRate: 1e-5, latentRate: 1e-4, schedule: "plateau" },
    { train: "latents", epochs: 200, decoderRate: 0, latentRate: 1e-4, schedule: "plateau" },
    { train: "all", epochs: 200, decoderRate: 1e-5, latentRate: 1e-4, schedule: "plateau" },
  ],
  embedding: {
    method: "quasiNewton",
    heats: [
      { starts: 8, steps: 4, nodes: 64, maxEvents: 256 },
      { starts: 2, steps: 4, nodes: 256 },
      { starts: 1, steps: 4, nodes: "training" },
    ],
    tolerance: 0.01,
  },
  start: "normal",
};

/** `ppadReference` with the published integral too: trapezoid on 2,049 nodes from 0 to the last event, no intervals. */
export const ppadPublished: PpadConfig = {
  ...ppadReference,
  exposure: "span",
  end: "lastEvent",
  quadrature: { rule: "trapezoid", nodes: 2049 },
  embedding: { method: "adam", steps: 400, rate: 0.01, schedule: "constant" },
};

/**
 * A small model that learns a thousand sources in half a minute on two cores.
 *
 * Differs from the reference: brightness is kept out of the latent; time runs from 0 to 1 over the observation, in 8
 * octaves; half of the integral's few nodes go where the events are; sources start from their binned profiles; bright
 * ones are sampled. The mean variation over 96 nodes weighs 21 times that over 2,049, hence its weight of 0.3 for the
 * reference's 10. Latents take small steps, so that the decoder learns kinds of sources rather than each source its own
 * code. Chosen on the simulated sky by the likelihood of new sources and by neighbours of the same kind.
 */
export const ppadCompact: PpadConfig = {
  ...ppadReference,
  hiddenSize: 96,
  blocks: 2,
  frequencies: 8,
  timeScale: "observation",
  brightness: "source",
  quadrature: { rule: "adaptive", nodes: 96 },
  totalVariation: { weight: 0.3, norm: "mean" },
  batchSize: 32,
  maxEvents: 128,
  stages: [{ train: "all", epochs: 96, decoderRate: 5e-3, latentRate: 0.01, schedule: "cosine" }],
  embedding: {
    method: "quasiNewton",
    heats: [
      { starts: 8, steps: 8, nodes: 64, maxEvents: 128 },
      { starts: 3, steps: 12, nodes: 96, maxEvents: 256 },
      { starts: 1, steps: 10, nodes: 256 },
    ],
    tolerance: 0.01,
  },
  start: "profile",
};

function mustBe(name: string, allowed: string, value: unknown, ok: boolean): void {
  if (!ok) throw new RangeError(`Cannot set up PPAD: ${name} must be ${allowed}: current value is ${String(value)}`);
}

function checkEmbedding(embedding: PpadEmbedding): void {
  const natural = (value: number) => Number.isInteger(value) && value >= 0;
  const { method } = embedding;
  mustBe("embedding.method", '"quasiNewton" or "adam"', method, method === "quasiNewton" || method === "adam");
  if (embedding.method === "adam") {
    mustBe("embedding.steps", "a non-negative integer", embedding.steps, natural(embedding.steps));
    mustBe("embedding.rate", "> 0", embedding.rate, embedding.rate > 0);
    return;
  }
  const { heats, tolerance } = embedding;
  mustBe("embedding.heats", "one or more", heats?.length, heats?.length > 0);
  for (const { starts, steps, nodes, maxEvents = Infinity } of heats) {
    mustBe("embedding.heats starts", "a positive integer", starts, natural(starts - 1));
    mustBe("embedding.heats steps", "a non-negative integer", steps, natural(steps));
    const enough = nodes === "training" || natural(nodes - 2);
    mustBe("embedding.heats nodes", '"training" or an integer >= 2', nodes, enough);
    mustBe("embedding.heats maxEvents", ">= 2", maxEvents, maxEvents >= 2);
  }
  mustBe("embedding.tolerance", "> 0", tolerance, tolerance > 0);
}

/**
 * Checks a configuration.
 *
 * @throws {RangeError} Naming the first option that is out of range.
 */
export function checkConfig(config: PpadConfig): void {
  const positive = (value: number) => Number.isInteger(value) && value > 0;
  mustBe("latentSize", "1–256", config.latentSize, positive(config.latentSize) && config.latentSize <= 256);
  mustBe(
    "hiddenSize",
    "a multiple of 8, 8–4096",
    config.hiddenSize,
    config.hiddenSize % 8 === 0 && config.hiddenSize >= 8,
  );
  mustBe("blocks", "0–64", config.blocks, Number.isInteger(config.blocks) && config.blocks >= 0 && config.blocks <= 64);
  mustBe("frequencies", "1–40", config.frequencies, positive(config.frequencies) && config.frequencies <= 40);
  const edges = config.bandEdgesEv;
  const ascending = edges.length >= 2 && edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number));
  mustBe("bandEdgesEv", "2 or more ascending energies", `[${edges.join(", ")}]`, ascending);
  const scale = config.timeScale;
  mustBe("timeScale", '"observation" or seconds > 0', scale, scale === "observation" || scale > 0);
  mustBe(
    "lengthInput",
    'false unless timeScale is "observation"',
    config.lengthInput,
    !config.lengthInput || scale === "observation",
  );
  mustBe(
    "rateScale",
    '"population" or > 0',
    config.rateScale,
    config.rateScale === "population" || config.rateScale > 0,
  );
  mustBe("quadrature.nodes", "an integer >= 2", config.quadrature.nodes, positive(config.quadrature.nodes - 1));
  mustBe("totalVariation.weight", ">= 0", config.totalVariation.weight, config.totalVariation.weight >= 0);
  mustBe("latentPenalty", ">= 0", config.latentPenalty, config.latentPenalty >= 0);
  mustBe("batchSize", "a positive integer", config.batchSize, positive(config.batchSize));
  mustBe("gradientClip", "> 0", config.gradientClip, config.gradientClip > 0);
  mustBe("maxEvents", ">= 2", config.maxEvents, config.maxEvents >= 2);
  checkEmbedding(config.embedding);
  for (const stage of config.stages) mustBe("stages epochs", ">= 0", stage.epochs, stage.epochs >= 0);
}
