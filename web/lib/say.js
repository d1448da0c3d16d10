/*
 * say.js — what a page says about itself: loading, nothing there, refused,
 * failed, the connection lost, done. Each says what to do next.
 */
import { isUp } from "/web/lib/api.js";
import { h, replace, value } from "/web/lib/dom.js";
import { both, has, t, word } from "/web/lib/strings.js";

const AGAIN_MS = 2000;

let live = null;
let region = null;

export function useRegions(liveRegion, noticeRegion) {
	live = liveRegion;
	region = noticeRegion;
}

/* Tells a screen reader, and nobody else. */
export function tell(text) {
	live.textContent = "";
	setTimeout(() => {
		live.textContent = text;
	}, 50);
}

/* kind: good, warn, bad, note. The sign stands beside the colour. */
export function notice(kind, title, ...more) {
	return h("div", { class: "notice " + kind, "data-notice": kind },
		h("span", { class: "sign", "aria-hidden": "true" },
			t("sign." + kind)),
		h("div", h("h2", title), more));
}

export function tag(kind, text) {
	return h("span", { class: "tag " + kind },
		kind ? h("span", { "aria-hidden": "true" }, t("sign." + kind))
			: null,
		text);
}

export function loading() {
	return h("p", { class: "loading", "data-state": "loading",
		role: "status" },
		t("state.loading"));
}

export function empty(text, next) {
	return h("div", { class: "empty", "data-state": "empty" },
		h("p", h("b", text)), next ? h("p", next) : null);
}

function retryButton(retry) {
	return retry ? h("p", h("button", { type: "button", onclick: retry },
		t("act.retry"))) : null;
}

function places(problem) {
	const where = Object.entries(problem.where ?? {}).filter(
		([name]) => has("where." + name));

	return where.length === 0 ? null : h("p", where.map(
		([name, what], i) => [i ? t("comma") : null,
			t("where." + name), " ", value(what)]));
}

/* The sentence that says what to do, by code, else by status. */
function nextStep(e) {
	if (has("next." + e.code))
		return t("next." + e.code);
	const status = e.status >= 500 && e.status !== 503 ? 500 : e.status;

	return has("next." + status) ? t("next." + status) : t("next.any");
}

export function refusals(items) {
	return h("ul", { class: "refusals" }, items.map((r) => h("li",
		r.where?.line ? t("where.line") + " " + r.where.line + " " : null,
		r.where?.item ? [value(r.where.item), " "] : null,
		both(r.why?.ja ?? r.title_ja, r.why?.en ?? r.title_en),
		" ", h("code", r.code))));
}

/* An error as a notice: what happened, where, what next. */
export function failure(e, retry) {
	if (e.kind === "lost")
		return h("div", { "data-state": "lost", role: "alert" }, notice("bad",
			t("state.lost"), h("p", t("state.lost.next")),
			retryButton(retry)));
	if (e.kind !== "problem")
		return h("div", { "data-state": "failed", role: "alert" }, notice(
			"bad", t("state.broken"), h("p", t("state.broken.next")),
			retryButton(retry)));
	if (e.status === 403)
		return h("div", { "data-state": "forbidden", role: "alert" }, notice(
			"warn",
			both(e.problem.title_ja, e.problem.title_en)
				?? t("state.forbidden"),
			h("p", nextStep(e)),
			e.code ? h("p", { class: "quiet" }, h("code", e.code))
				: null));
	return h("div", { "data-state": "failed", role: "alert" }, notice("bad",
		both(e.problem.title_ja, e.problem.title_en)
			?? t("state.failed", { status: e.status }),
		places(e.problem),
		h("p", nextStep(e)),
		e.problem.refusals?.length ? refusals(e.problem.refusals) : null,
		e.code ? h("p", { class: "quiet" }, h("code", e.code)) : null,
		e.status === 503 || e.status >= 500 ? retryButton(retry) : null));
}

/* --- the region above the page's content --- */

export function announce(kind, title, ...more) {
	replace(region, h("div", { class: "toast" },
		notice(kind, title, ...more)));
	region.scrollIntoView({ block: "nearest" });
}

export function hush() {
	replace(region);
}

/* A refusal of what the officer has just done; what was typed stays. Shown
 * in a node (the head of a form), else above the page. */
export function complain(e, into = region) {
	if (e.kind === "lost")
		lost(into);
	else
		replace(into, h("div", { class: "toast" }, failure(e)));
	into.scrollIntoView({ block: "nearest" });
}

/* Says that the connection is lost, and when it is back. */
function lost(into) {
	replace(into, h("div", { class: "toast", role: "alert",
		"data-state": "lost" },
	notice("bad", t("state.lost"), h("p", t("state.lost.kept")))));
	setTimeout(async function look() {
		if (!into.querySelector("[data-state=lost]"))
			return;
		if (await isUp())
			replace(into, h("div", { class: "toast", role: "alert",
				"data-state": "back" },
			notice("good", t("state.back"),
				h("p", t("state.back.next")))));
		else
			setTimeout(look, AGAIN_MS);
	}, AGAIN_MS);
}

let isUpNow = true;

/* Whether events come: said once when they stop, and once when they are
 * back. What else stands above the page is not lost by it. */
export function connection(up) {
	if (up === isUpNow)
		return;
	isUpNow = up;
	region.querySelector("[data-connection]")?.remove();
	region.prepend(h("div", { class: "toast", role: "alert",
		"data-connection": up ? "back" : "lost",
		"data-state": up ? "back" : "lost" },
	up ? notice("good", t("state.back"), h("p", t("state.back.read")))
		: notice("bad", t("state.lost"), h("p", t("state.lost.follow")))));
}

/* What was done, shown on the page that comes next. */
export function later(kind, text) {
	sessionStorage.setItem("said", JSON.stringify({ kind, text }));
}

export function sayWhatWasSaid() {
	const said = sessionStorage.getItem("said");

	sessionStorage.removeItem("said");
	if (said) {
		const { kind, text } = JSON.parse(said);

		/* Into a region that is there already: a reader hears it. */
		setTimeout(() => announce(kind, text), 50);
	}
}

/* Signs of the states and classes of docs/interface.md §5. */
const KINDS = {
	found: "note", none: "", review: "warn", partial: "warn",
	paper: "warn", invalid: "bad", refused: "bad", expired: "bad",
	pending: "", drafted: "", submitted: "warn", approved: "note",
	sending: "note", sent: "note", closed: "good", cancelled: "",
	held: "warn", rejected: "bad", waiting: "warn", returned: "bad",
	registered: "good", answered: "good", overdue: "bad",
	ready: "good", degraded: "warn", stopped: "bad",
};

export function state(group, code) {
	return tag(KINDS[code] ?? "", word(group, code));
}
