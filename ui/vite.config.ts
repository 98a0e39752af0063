import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome111", "safari16.4"],
    // Fonts as files: the window's content policy admits no data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  server: { port: 5173, strictPort: true },
  test: {
    projects: [
      {
        extends: true,
        resolve: { conditions: ["browser"] },
        test: { name: "unit", include: ["src/**/*.test.ts"], environment: "node" },
      },
      {
        extends: true,
        test: {
          name: "page",
          include: ["tests/**/*.page.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A state is waited for as long as an element is; a second is too short for a machine that does other things.
          expect: { poll: { timeout: 30_000 } },
          // Each file has a host, a data folder and a browser of its own.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        // Measured, not tested: `make bench ONLY=window`.
        test: { name: "bench", include: ["tests/bench/*.bench.ts"], environment: "node" },
      },
    ],
  },
});
