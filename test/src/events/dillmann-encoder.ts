import { File as H5File, ready } from "h5wasm/node";

/** A layer's input and output, row-major (rows, columns, channels). */
interface Layer {
  readonly data: Float64Array;
  readonly shape: readonly [rows: number, columns: number, channels: number];
}

const leaky = (value: number) => (value >= 0 ? value : 0.1 * value);

/**
 * The published encoder of Dillmann et al. (2025), evaluated layer by layer from its Keras weights: the check that an
 * energy–time map of ours is the input that the authors' network saw.
 *
 * @param map Normalised map, shape (24, 16).
 * @returns The 12 latents.
 */
export async function dillmannLatents(file: string, map: Float64Array): Promise<number[]> {
  await ready;
  const h5 = new H5File(file, "r");
  const weight = (layer: string, name: string) => {
    const dataset = h5.get(`model_weights/${layer}/${layer}/${name}:0`) as { value: Float32Array };
    return Float64Array.from(dataset.value);
  };
  const convolve = (input: Layer, layer: string, size: number, stride: number) =>
    convolution(input, { kernel: weight(layer, "kernel"), bias: weight(layer, "bias"), size, stride });
  const normalise = ({ data, shape }: Layer, layer: string): Layer => {
    const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map((name) =>
      weight(layer, name),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const n = shape[2];
    return {
      shape,
      data: data.map((value, i) => {
        const c = i % n;
        return (gamma[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + 1e-3) + beta[c]!;
      }),
    };
  };
  let layer = convolve({ data: map, shape: [24, 16, 1] }, "conv2d_41", 3, 1);
  layer = convolve(normalise(layer, "batch_normalization_24"), "conv2d_42", 2, 2);
  layer = convolve(layer, "conv2d_43", 3, 1);
  layer = convolve(normalise(layer, "batch_normalization_25"), "conv2d_44", 2, 2);
  let values = layer.data;
  for (const name of ["dense_27", "dense_28", "bottleneck"]) {
    values = dense(values, weight(name, "kernel"), weight(name, "bias"));
  }
  h5.close();
  return [...values];
}

/** Convolution with padding "same" as Keras has it: none in front where the sizes come out even. */
function convolution(
  { data, shape: [rows, columns, channels] }: Layer,
  { kernel, bias, size, stride }: { kernel: Float64Array; bias: Float64Array; size: number; stride: number },
): Layer {
  const before = stride === 1 ? (size - 1) >> 1 : 0;
  const [outRows, outColumns, n] = [rows / stride, columns / stride, bias.length];
  const out = new Float64Array(outRows * outColumns * n);
  for (let r = 0; r < outRows; r++)
    for (let c = 0; c < outColumns; c++)
      for (let k = 0; k < n; k++) {
        let sum = bias[k]!;
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            const [y, x] = [r * stride + i - before, c * stride + j - before];
            if (y < 0 || y >= rows || x < 0 || x >= columns) continue;
            for (let m = 0; m < channels; m++)
              sum += data[(y * columns + x) * channels + m]! * kernel[((i * size + j) * channels + m) * n + k]!;
          }
        out[(r * outColumns + c) * n + k] = leaky(sum);
      }
  return { data: out, shape: [outRows, outColumns, n] };
}

function dense(input: Float64Array, kernel: Float64Array, bias: Float64Array): Float64Array {
  return bias.map((start, k) =>
    leaky(input.reduce((sum, value, i) => sum + value * kernel[i * bias.length + k]!, start)),
  );
}
