/** The views' style sheet. Colours come from the notebook's theme; without one, from the page's. */
const CSS = `
.pb-root {
  --pb-text: var(--jp-ui-font-color1, var(--vscode-foreground, CanvasText));
  --pb-muted: var(--jp-ui-font-color2, var(--vscode-descriptionForeground, GrayText));
  --pb-paper: var(--jp-layout-color0, var(--vscode-editor-background, Canvas));
  --pb-raised: var(--jp-layout-color1, var(--vscode-editorWidget-background, Canvas));
  --pb-hover: var(--jp-layout-color2, rgba(128, 128, 128, 0.18));
  --pb-line: var(--jp-border-color2, rgba(128, 128, 128, 0.35));
  --pb-accent: var(--jp-brand-color1, #1976d2);
  box-sizing: border-box; position: relative; width: 100%; min-width: 260px; margin: 2px 0;
  color: var(--pb-text); background: var(--pb-paper);
  font: 13px/1.4 var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif);
  border: 1px solid var(--pb-line); border-radius: 6px; overflow: hidden;
}
.pb-root *, .pb-root *::before { box-sizing: border-box; }
.pb-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; padding: 4px 8px; border-bottom: 1px solid var(--pb-line); background: var(--pb-raised); }
.pb-title { font-weight: 600; margin-right: 6px; }
.pb-spring { flex: 1 1 auto; }
.pb-group { display: flex; gap: 1px; }
.pb-group + .pb-group { margin-left: 6px; }
.pb-root .pb-button { display: inline-flex; align-items: center; justify-content: center; width: 28px; height: 26px; padding: 0; border: 1px solid transparent; border-radius: 4px; background: none; color: inherit; cursor: pointer; }
.pb-button svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.pb-button:hover:not(:disabled) { background: var(--pb-hover); }
.pb-button:disabled { opacity: 0.35; cursor: default; }
.pb-button[aria-pressed="true"] { background: var(--pb-hover); border-color: var(--pb-accent); color: var(--pb-accent); }
.pb-root button:focus-visible, .pb-root select:focus-visible, .pb-root input:focus-visible { outline: 2px solid var(--pb-accent); outline-offset: 1px; }
.pb-root [hidden] { display: none !important; }
.pb-root:focus { outline: none; }
.pb-root:focus-visible, .pb-root:focus-within { border-color: var(--pb-accent); }
.pb-body { display: flex; min-height: 0; }
.pb-stage { position: relative; flex: 1 1 auto; min-width: 0; overflow: hidden; touch-action: none; }
.pb-stage canvas { position: absolute; inset: 0; display: block; }
.pb-legend { flex: 0 0 auto; width: 184px; max-width: 40%; overflow: auto; padding: 8px 6px; border-left: 1px solid var(--pb-line); font-size: 12px; }
.pb-narrow .pb-body { flex-direction: column; }
.pb-narrow .pb-legend { width: auto; max-width: none; max-height: 176px !important; border-left: 0; border-top: 1px solid var(--pb-line); display: flex; flex-wrap: wrap; gap: 0 8px; }
.pb-legend-title { font-weight: 600; padding: 0 4px 4px; overflow-wrap: anywhere; }
.pb-root .pb-category { display: flex; align-items: center; gap: 6px; width: 100%; padding: 2px 4px; border: 0; border-radius: 4px; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
.pb-narrow .pb-category { width: auto; }
.pb-category:hover { background: var(--pb-hover); }
.pb-category span:nth-child(2) { flex: 1 1 auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pb-category span:nth-child(3) { color: var(--pb-muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.pb-category b { color: var(--pb-text); }
.pb-swatch { flex: 0 0 auto; display: inline-block; width: 10px; height: 10px; border-radius: 50%; }
.pb-ramp { display: flex; gap: 6px; padding: 2px 4px; }
.pb-ramp canvas { width: 14px; height: 150px; border-radius: 3px; }
.pb-ramp div { display: flex; flex-direction: column; justify-content: space-between; font-variant-numeric: tabular-nums; }
.pb-status { display: flex; flex-wrap: wrap; gap: 0 12px; padding: 3px 10px; min-height: 25px; border-top: 1px solid var(--pb-line); font-size: 12px; color: var(--pb-muted); font-variant-numeric: tabular-nums; }
.pb-status b { color: var(--pb-text); }
.pb-card { position: absolute; z-index: 2; pointer-events: none; max-width: 280px; padding: 6px 9px; border: 1px solid var(--pb-line); border-radius: 5px; background: var(--pb-raised); color: var(--pb-text); box-shadow: 0 2px 8px rgba(0, 0, 0, 0.25); font-size: 12px; }
.pb-card b { display: block; overflow-wrap: anywhere; }
.pb-card table { border-collapse: collapse; margin: 2px 0 0; }
.pb-card td { padding: 0 8px 0 0; text-align: left; border: 0; background: none; }
.pb-card td + td { padding: 0; font-variant-numeric: tabular-nums; }
.pb-error { padding: 8px 10px; color: var(--jp-error-color1, #c62828); white-space: pre-wrap; font-family: var(--jp-code-font-family, monospace); font-size: 12px; }
.pb-note { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; padding: 20px; text-align: center; color: var(--pb-muted); pointer-events: none; }
.pb-root .pb-chip { display: inline-flex; align-items: center; gap: 5px; padding: 1px 8px; border: 1px solid var(--pb-line); border-radius: 12px; background: none; color: var(--pb-muted); font: inherit; font-size: 12px; cursor: pointer; }
.pb-chip[aria-pressed="true"] { color: var(--pb-text); background: var(--pb-hover); }
.pb-chip[aria-pressed="false"] .pb-swatch { opacity: 0.3; }
.pb-place { font-size: 12px; color: var(--pb-muted); }
.pb-slider { display: inline-flex; align-items: center; gap: 6px; font-size: 12px; }
.pb-slider input { width: 104px; margin: 0; accent-color: var(--pb-accent); }
.pb-slider output { min-width: 52px; font-variant-numeric: tabular-nums; }
.pb-root select { max-width: 260px; font: inherit; font-weight: 600; color: inherit; background: var(--pb-paper); border: 1px solid var(--pb-line); border-radius: 4px; padding: 1px 4px; }
`;

/** Puts the style sheet into the page, once. */
export function ensureStyle(): void {
  if (document.getElementById("photonbook-style")) return;
  const style = document.createElement("style");
  style.id = "photonbook-style";
  style.textContent = CSS;
  document.head.append(style);
}
