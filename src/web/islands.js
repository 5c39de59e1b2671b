import * as module from "{js}";
await module.default({ module_or_path: "{wasm}" });
module.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  await module[island.dataset.component]?.(island);
}
