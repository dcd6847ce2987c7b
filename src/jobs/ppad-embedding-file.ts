import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { PartialEmbedding } from "../ppad/index.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "../safetensors/index.ts";
import { saveWhole } from "./save-whole.ts";

const FORMAT = "photonbook-ppad-embedding-1";

/** A digest of all that an embedding depends on: the arrays, and what JSON can say. */
export function embeddingDigest(arrays: readonly Tensor["data"][], settings: object): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.update(JSON.stringify(settings)).digest("hex");
}

/** Keeps the latents found so far. */
export function saveEmbedding(path: string, digest: string, { done, latents }: PartialEmbedding): void {
  const tensors = new Map([["latent", latents]]);
  saveWhole(path, writeSafetensors(tensors, { format: FORMAT, digest, done: String(done) }), "checkpoint");
}

/**
 * The latents that an earlier call left at a path; undefined where there are none.
 *
 * @throws {RangeError} If they are of another model, population or settings.
 */
export function openEmbedding(path: string, digest: string): PartialEmbedding | undefined {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  const latent = tensors.get("latent");
  if (metadata.format !== FORMAT || metadata.digest !== digest || !(latent?.data instanceof Float32Array)) {
    throw new RangeError(
      `Cannot resume embedding: the checkpoint "${path}" must be of the same model, population and settings, or removed, or another be named: it is of others`,
    );
  }
  const [sources = 0, size = 0] = latent.shape;
  return { done: Number(metadata.done), latents: { data: latent.data, shape: [sources, size] } };
}
