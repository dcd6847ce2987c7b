export { type JobContext, type JobOptions, type JobProgress, runJob, serveJob, workerModule } from "./job.ts";
