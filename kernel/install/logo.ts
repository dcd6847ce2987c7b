/** The kernel's logo: a source of photons and their arrival times, on a page. */
export const LOGO_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Photonbook">
  <rect x="4" y="4" width="56" height="56" rx="10" fill="#12263f"/>
  <g stroke="#56b4e9" stroke-width="3" stroke-linecap="round">
    <path d="M14 50v-6"/><path d="M21 50v-9"/><path d="M28 50V38"/><path d="M33 50V28"/>
    <path d="M38 50V36"/><path d="M44 50v-8"/><path d="M50 50v-6"/>
  </g>
  <circle cx="33" cy="18" r="5" fill="#f0e442"/>
  <g stroke="#e69f00" stroke-width="2.5" stroke-linecap="round">
    <path d="M33 7.500v2.500"/><path d="M22.500 18H25"/><path d="M41 18h2.500"/>
    <path d="m25.600 10.600 1.700 1.700"/><path d="m40.400 10.600-1.700 1.700"/>
  </g>
</svg>
`;
