import type { Placement } from "../latent/draw.ts";
import { GRID } from "../latent/state.ts";

/** The part of the plane that a view shows: zoom and pan, between grid and screen coordinates. */
export class Viewport {
  /** CSS pixels. */
  width = 1;
  height = 1;
  /** Centre in grid coordinates, and how many times closer than the whole. */
  #x = GRID / 2;
  #y = GRID / 2;
  #zoom = 1;

  get zoom(): number {
    return this.#zoom;
  }

  /** Placement of the grid on a canvas of `ratio` pixels a CSS pixel. */
  placement(ratio = 1): Placement {
    const margin = 14;
    const xScale = (this.#zoom * Math.max(1, this.width - 2 * margin)) / GRID;
    const yScale = (this.#zoom * Math.max(1, this.height - 2 * margin)) / GRID;
    return {
      xScale: xScale * ratio,
      xOffset: (this.width / 2 - xScale * this.#x) * ratio,
      yScale: -yScale * ratio,
      yOffset: (this.height / 2 + yScale * this.#y) * ratio,
    };
  }

  /** Grid coordinates of a place on the screen. */
  toGrid(px: number, py: number): [x: number, y: number] {
    const place = this.placement();
    return [(px - place.xOffset) / place.xScale, (py - place.yOffset) / place.yScale];
  }

  /** Place on the screen of grid coordinates. */
  toScreen(x: number, y: number): [px: number, py: number] {
    const place = this.placement();
    return [place.xScale * x + place.xOffset, place.yScale * y + place.yOffset];
  }

  pan(dx: number, dy: number): void {
    const place = this.placement();
    this.#x = clamp(this.#x - dx / place.xScale);
    this.#y = clamp(this.#y - dy / place.yScale);
  }

  /** Zooms so that the point under (px, py) stays there. */
  zoomAt(factor: number, px = this.width / 2, py = this.height / 2): void {
    const [x, y] = this.toGrid(px, py);
    this.#zoom = Math.min(4000, Math.max(1, this.#zoom * factor));
    const [newX, newY] = this.toGrid(px, py);
    this.#x = this.#zoom === 1 ? GRID / 2 : clamp(this.#x + x - newX);
    this.#y = this.#zoom === 1 ? GRID / 2 : clamp(this.#y + y - newY);
  }

  reset(): void {
    this.#x = GRID / 2;
    this.#y = GRID / 2;
    this.#zoom = 1;
  }
}

function clamp(grid: number): number {
  return Math.min(GRID, Math.max(0, grid));
}
