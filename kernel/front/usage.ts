import { availableParallelism, freemem, hostname, totalmem } from "node:os";

let since = performance.now();
let cpu = process.cpuUsage();

/** Answers usage_request: what this process takes of the machine; the share of the CPU is that since the last answer. */
export function usage(): object {
  const used = process.cpuUsage(cpu);
  const millis = Math.max(1, performance.now() - since);
  since = performance.now();
  cpu = process.cpuUsage();
  const [total, available] = [totalmem(), freemem()];
  return {
    status: "ok",
    hostname: hostname(),
    pid: process.pid,
    kernel_cpu: (100 * (used.user + used.system)) / (1000 * millis),
    kernel_memory: process.memoryUsage.rss(),
    cpu_count: availableParallelism(),
    host_virtual_memory: { total, available, used: total - available, percent: (100 * (total - available)) / total },
  };
}
