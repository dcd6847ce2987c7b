import { describe, expect, test } from "vitest";
import { offlineHtml } from "../../widgets/export/index.ts";

const assets = {
  requireJs: "/*require*/",
  htmlManager: "x='</script>'",
  photonbook: 'define("photonbook",[],()=>({}))',
};

/** The parts of nbconvert's page that matter. */
const page = `<!DOCTYPE html><html><head><title>n</title>
<script src="https://cdnjs.cloudflare.com/ajax/libs/require.js/2.1.10/require.min.js"></script><script>
(function() { var widgetRendererSrc = 'https://unpkg.com/@jupyter-widgets/html-manager@*/dist/embed-amd.js'; })();
</script>
<script src="https://cdnjs.cloudflare.com/mathjax.js?config=TeX"> </script>
<script type="text/x-mathjax-config">init_mathjax()</script>
<script type="module">const mermaid = (await import("https://cdnjs.cloudflare.com/mermaid.mjs")).default;</script>
</head><body><script type="text/javascript">var element = 1;</script>
<script type="application/vnd.jupyter.widget-view+json">{"model_id": "m"}</script></body>
<script type="application/vnd.jupyter.widget-state+json">{"state": {}}</script></html>`;

describe("offlineHtml()", () => {
  test("takes out what needs the network and puts in what widgets need", () => {
    const html = offlineHtml({ html: page, assets });
    expect(html).not.toMatch(/https?:/);
    expect(html).toContain("/*require*/");
    expect(html.indexOf("/*require*/")).toBeLessThan(html.indexOf('define("photonbook"'));
    expect(html).toContain('{"model_id": "m"}');
    expect(html).toContain("var element = 1;");
    expect(html).toContain('<script type="application/vnd.jupyter.widget-state+json">{"state": {}}</script>');
  });
  test("keeps scripts from ending in the middle", () => {
    const html = offlineHtml({ html: page, assets });
    expect(html).toContain("x='<\\/script>'");
    const state = { state: { a: "</script><b>&" } };
    const given = offlineHtml({ html: page, assets, widgetState: state });
    const found = /widget-state\+json">([^<]*)<\/script>/.exec(given)?.[1] ?? "";
    expect(JSON.parse(found)).toEqual(state);
    expect(given.match(/widget-state\+json/g)?.length).toBe(1);
  });
});
