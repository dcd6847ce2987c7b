import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes the GPU that Chromium brings in software, SwiftShader, the one that Vulkan finds, so that tests of the engine
 * "gpu" run on any machine and give the same everywhere. To be called before anything asks for a GPU.
 */
export function useSoftwareGpu(): void {
  if (process.platform !== "linux") return; // the system has a GPU of its own there
  const folder = process.env.PHOTONBOOK_CHROMIUM ? join(process.env.PHOTONBOOK_CHROMIUM, "..") : "/usr/lib/chromium";
  const driver = join(folder, "vk_swiftshader_icd.json");
  if (!existsSync(driver)) {
    throw new Error(`Cannot find ${driver}: install it (on Debian: apt-get install -y chromium libvulkan1)`);
  }
  process.env.VK_DRIVER_FILES = driver;
}
