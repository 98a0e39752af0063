import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// Who may use whom. The window's own frame puts the domains together; they know nothing of one another.
const DOMAINS = ["home", "edit", "compare", "plan", "history", "profile", "connections"];

/** What lies in `from` imports nothing that lies in one of `folders`. */
function keepsFrom(from, folders, message) {
  const patterns = [
    { regex: "^@tauri-apps/", message: "Only engine.ts talks to Tauri, so that the page also runs in a browser." },
  ];
  if (folders.length > 0) patterns.push({ regex: `^\\.(?:.*/)?(?:${folders.join("|")})(?:/|$)`, message });
  return {
    files: [`src/${from}`],
    ignores: ["src/engine.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

const layers = [
  keepsFrom("**", [], ""),
  keepsFrom(
    "{bindings,look,grid}/**",
    ["panels", "actions", "state", "parts"],
    "This is at the bottom and uses nothing of the page.",
  ),
  keepsFrom("parts/**", ["panels", "actions", "state"], "Parts are given what they show."),
  keepsFrom("state/**", ["panels", "actions", "parts"], "State knows nothing of what shows it."),
  keepsFrom("actions/**", ["panels", "parts"], "An action changes state; panels follow it."),
  ...["shared", ...DOMAINS].map((own) =>
    keepsFrom(
      `panels/${own}/**`,
      ["frame", ...DOMAINS].filter((other) => other !== own),
      "Domains are kept apart: what two of them need lies in panels/shared.",
    ),
  ),
];

const parserOptions = { projectService: true, extraFileExtensions: [".svelte"] };

export default tseslint.config(
  { ignores: ["dist", "src/bindings", "*.config.js", "*.config.ts"] },
  ...tseslint.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  { languageOptions: { parserOptions } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { ...parserOptions, parser: tseslint.parser, svelteConfig } },
  },
  {
    // What passes through snippets and bindings is typed by svelte-check, which this linter cannot see.
    files: ["**/*.svelte"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      eqeqeq: "error",
    },
  },
  ...layers,
);
