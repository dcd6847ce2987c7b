import { workerData } from "node:worker_threads";
import { helpWithLayout, type SharedLayout } from "./umap-team.ts";

helpWithLayout(workerData as SharedLayout);
