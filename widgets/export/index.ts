export { exportHtml, readOfflineAssets } from "./export-html.ts";
export { type OfflineAssets, offlineHtml } from "./offline-html.ts";
