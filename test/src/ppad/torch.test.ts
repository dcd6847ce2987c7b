import { compareWithTorch } from "./torch.ts";

// The third engine, tfjs, has its own test: `npm run test:tfjs`.
for (const engine of ["wasm", "native"] as const) {
  for (const name of ["small", "reference"] as const) compareWithTorch(engine, name);
}
for (const name of ["small", "reference"] as const) compareWithTorch("native", name, { frozen: true });
