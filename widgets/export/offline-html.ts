/** Scripts that a page with widgets needs when there is no network. */
export interface OfflineAssets {
  /** RequireJS. */
  readonly requireJs: string;
  /** Jupyter's HTML widget manager, `@jupyter-widgets/html-manager/dist/embed-amd.js`. */
  readonly htmlManager: string;
  /** Photonbook's own views, `dist/index.js`. */
  readonly photonbook: string;
}

/** nbconvert's page leaves the letters of widgets to the browser. */
const STYLE = "<style>.jupyter-widgets { font-family: var(--jp-ui-font-family, sans-serif); }</style>";

const STATE_TYPE = "application/vnd.jupyter.widget-state+json";

/**
 * Makes a page that shows its widgets with the network off, from nbconvert's HTML of an executed notebook.
 *
 * What nbconvert fetches from content networks is taken out: RequireJS and the widget manager are put into the page,
 * MathJax and Mermaid are left away (formulas then show their source).
 *
 * @param options.html Page as `jupyter nbconvert --to html` writes it.
 * @param options.assets Scripts to put in.
 * @param options.widgetState The notebook's `metadata.widgets[STATE_TYPE]`. Default: what nbconvert put into the page.
 */
export function offlineHtml(options: { html: string; assets: OfflineAssets; widgetState?: unknown }): string {
  const { assets, widgetState } = options;
  let html = options.html.replaceAll(
    /<script\b([^>]*)>([\s\S]*?)<\/script>/g,
    (script, attributes: string, body: string) => (needsNetwork(attributes, body) ? "" : script),
  );
  if (widgetState !== undefined) {
    html = html.replaceAll(new RegExp(`<script type="${escapePattern(STATE_TYPE)}">[\\s\\S]*?</script>`, "g"), "");
  }
  const state =
    widgetState === undefined
      ? ""
      : `<script type="${STATE_TYPE}">${JSON.stringify(widgetState).replaceAll("<", "\\u003c")}</script>\n`;
  const head = `<meta charset="utf-8">\n${STYLE}\n<script>${inScript(assets.requireJs)}</script>\n`;
  const tail = `${state}<script>${inScript(assets.photonbook)}</script>\n<script>${inScript(assets.htmlManager)}</script>\n`;
  return insertBefore(insertAfter(html, /<head[^>]*>/, head), "</body>", tail);
}

/** Whether a script of nbconvert's page fetches something, now or when it runs. */
function needsNetwork(attributes: string, body: string): boolean {
  if (/\bsrc\s*=\s*["']?https?:/.test(attributes)) return true;
  if (/\btype\s*=\s*["']?text\/x-mathjax-config/.test(attributes)) return true;
  if (/\btype\s*=\s*["']?application\//.test(attributes)) return false;
  return body.includes("widgetRendererSrc") || /\bimport\s*\(\s*["']https?:/.test(body);
}

/** Text that may stand in a `<script>`: nothing in it ends the script or opens a comment. */
function inScript(text: string): string {
  return text.replaceAll(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "<\\!--");
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.+*?^$()[\]{}|\\/]/g, "\\$&");
}

function insertAfter(html: string, pattern: RegExp, text: string): string {
  const found = pattern.exec(html);
  const at = found ? found.index + found[0].length : 0;
  return html.slice(0, at) + text + html.slice(at);
}

function insertBefore(html: string, mark: string, text: string): string {
  const at = html.lastIndexOf(mark);
  return at < 0 ? html + text : html.slice(0, at) + text + html.slice(at);
}
