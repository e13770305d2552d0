/** Light or dark: the person's choice, else the system's. A plain script in the head, so that nothing flashes. */
(() => {
  const KEY = "sandbox.theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const current = () => localStorage.getItem(KEY) ?? (dark.matches ? "dark" : "light");
  const apply = () => {
    document.documentElement.dataset.theme = current();
  };
  window.switchTheme = () => {
    localStorage.setItem(KEY, current() === "dark" ? "light" : "dark");
    apply();
    return current();
  };
  dark.addEventListener("change", apply);
  apply();
})();
