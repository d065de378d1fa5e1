// Offers names while one types in a search box. Without this file the boxes work as they are.
for (const box of document.querySelectorAll("input[type=search][list]")) {
  const names = document.getElementById(box.getAttribute("list"));
  const lang = document.documentElement.lang;
  let waiting = 0;
  let asked = "";

  const offer = async () => {
    const typed = box.value.trim();
    if (typed.length < 2 || typed === asked) return;
    asked = typed;
    const query = new URLSearchParams({ q: typed.slice(0, 200), lang, limit: 8 });
    const answer = await fetch(`/api/v1/suggest?${query}`);
    if (!answer.ok || typed !== box.value.trim()) return;
    const { suggestions } = await answer.json();
    names.replaceChildren(
      ...suggestions.map((it) => {
        const option = document.createElement("option");
        option.value = it.text;
        option.lang = it.lang;
        option.dir = "auto";
        return option;
      }),
    );
  };

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offer().catch(() => undefined), 120);
  });
}
