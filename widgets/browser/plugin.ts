import { IJupyterWidgetRegistry } from "@jupyter-widgets/base";

/** Filled in by the build from package.json. */
declare const PHOTONBOOK_VERSION: string;

interface Application {
  readonly name: string;
}

/** Registers the widgets with JupyterLab; their code is loaded when the first one is shown. */
export const plugin = {
  id: "photonbook:widgets",
  description: "Photonbook's latent view and light curves",
  requires: [IJupyterWidgetRegistry],
  autoStart: true,
  activate: (_app: Application, registry: IJupyterWidgetRegistry): void => {
    registry.registerWidget({
      name: "photonbook",
      version: PHOTONBOOK_VERSION,
      exports: () => import("./index.ts") as never,
    });
  },
};
