// Sends the form with its token and follows the job. The token is kept nowhere but in its field.
const form = document.getElementById("send");
const outcome = document.getElementById("outcome");
const cancel = document.getElementById("cancel");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let headers = {};

const show = (state, told = "") => {
  outcome.hidden = false;
  for (const it of outcome.querySelectorAll("[data-state]")) it.hidden = it.dataset.state !== state;
  document.getElementById("told").textContent = told;
};

const add = (problems) => {
  for (const it of problems) {
    const row = document.getElementById("problems").insertRow();
    for (const text of [it.code, it.file, it.place, `${it.message}. ${it.remedy}`.trim()]) {
      const name = document.createElement("bdi");
      name.dir = "auto";
      name.textContent = text;
      row.insertCell().append(name);
    }
  }
};

const count = (report) => {
  for (const it of outcome.querySelectorAll("[data-count]")) it.textContent = report[it.dataset.count] ?? 0;
};

const problem = async (answer) => {
  const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
  if (told.report) {
    count(told.report);
    add(told.report.problems);
  }
  show("failed", [told.detail || answer.statusText, told.remedy].filter(Boolean).join(" "));
};

const ask = async (address) => {
  const answer = await fetch(address, { headers });
  if (answer.ok) return answer.json();
  await problem(answer);
  return null;
};

const rest = async (address) => {
  for (let next = address; next; ) {
    const page = await ask(next);
    if (!page) return;
    add(page.report.problems);
    next = page.next;
  }
};

const follow = async (address) => {
  for (;;) {
    const job = await ask(address);
    if (!job) return;
    const { files, of, records, per_second: rate, encoded, to_encode: whole } = job.progress;
    const [done, all] = job.state === "indexing" ? [encoded, whole] : [files, of];
    document.getElementById("bar").value = job.ended ? 1 : done / Math.max(all, 1);
    show(job.state, job.fault ? `${job.fault.detail} ${job.fault.remedy}` : `${records} (${rate}/s)`);
    count(job.report);
    cancel.hidden = Boolean(job.ended);
    if (job.ended) {
      add(job.report.problems);
      return rest(job.next);
    }
    await wait(500);
  }
};

form.hidden = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  headers = { Authorization: `Bearer ${document.getElementById("send-token").value.trim()}`, Accept: "application/json" };
  document.getElementById("problems").replaceChildren();
  count({});
  show("sending");
  try {
    const answer = await fetch(form.action, { method: "POST", headers, body: new FormData(form) });
    if (!answer.ok) return await problem(answer);
    const address = answer.headers.get("Location");
    cancel.onclick = async () => {
      const stopped = await fetch(address, { method: "DELETE", headers });
      if (!stopped.ok) await problem(stopped);
    };
    await follow(address);
  } catch (error) {
    show("failed", String(error.message));
  } finally {
    button.disabled = false;
    cancel.hidden = true;
  }
});
