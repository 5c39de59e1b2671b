import * as module from "{js}";
await module.default({ module_or_path: "{wasm}" });
module.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  const start = module[island.dataset.component];
  // The page works as a plain form without it.
  if (!start) console.warn("The island module is older than this page: run make islands", island.dataset.component);
  else await start(island);
}
