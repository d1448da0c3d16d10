/*
 * shell.js — what is around every page: who is signed in, where one can go,
 * language, theme, help; and the page itself, found by its address in
 * pages.json.
 */
import { ApiError, change, read, signIn, useToken, useUnlock }
	from "/web/lib/api.js";
import { ask } from "/web/lib/dialog.js";
import { h, replace, value } from "/web/lib/dom.js";
import { field, form } from "/web/lib/form.js";
import { plain } from "/web/lib/marks.js";
import { failure, loading, notice, sayWhatWasSaid, useRegions }
	from "/web/lib/say.js";
import { both, lang, load, speak, t, word } from "/web/lib/strings.js";

/* Groups of the navigation, in order. */
const GROUPS = ["today", "ask", "people", "node"];

/* The page of an address, and what its {segments} are. */
function find(pages, address) {
	const parts = address.replace(/\/+$/, "").split("/");

	for (const page of pages) {
		const pattern = page.path.replace(/\/+$/, "").split("/");
		const params = {};

		if (pattern.length !== parts.length)
			continue;
		if (pattern.every((p, i) => {
			const m = /^\{(\w+)\}$/.exec(p);

			if (m)
				params[m[1]] = decodeURIComponent(parts[i]);
			return m ? parts[i] !== "" : p === parts[i];
		}))
			return { page, params };
	}
	return null;
}

/* May this person open it? An empty list: everybody. */
function open(page, me) {
	return (page.party.length === 0 || page.party.includes(me.node.party))
		&& (page.roles.length === 0
			|| page.roles.some((r) => me.roles.includes(r)));
}

export function title(page) {
	return both(page.title_ja, page.title_en);
}

function navigation(pages, here, me) {
	const shown = pages.filter((p) => p.nav && open(p, me));

	return h("div", { class: "side no-print" }, h("nav",
		{ "aria-label": t("shell.nav") },
		GROUPS.map((group) => {
			const of = shown.filter((p) => p.nav === group);

			return of.length === 0 ? null : h("section",
				h("h2", t("group." + group)),
				h("ul", of.map((p) => h("li", h("a", {
					href: p.path,
					"aria-current": p === here ? "page"
						: p.page === here?.under ? "true" : null,
				}, title(p))))));
		})));
}

function switches() {
	const other = lang() === "ja" ? "en" : "ja";
	const root = document.documentElement;
	const theme = h("button", { type: "button", class: "plain",
		onclick: () => {
			root.dataset.theme = root.dataset.theme === "dark"
				? "light" : "dark";
			localStorage.setItem("theme", root.dataset.theme);
			theme.textContent = label();
		} });

	function label() {
		return root.dataset.theme === "dark" ? t("shell.light")
			: t("shell.dark");
	}
	theme.textContent = label();
	return [theme, h("button", { type: "button", class: "plain",
		lang: other, onclick: () => speak(other) }, t("shell.other"))];
}

async function leave() {
	try {
		await change("DELETE", "/session");
	} finally {
		location.assign("/login");
	}
}

/* What kind of party it is, where its name does not end so. */
function kindOf(node) {
	const kind = word("party", node.party);

	return node.name.endsWith(kind) ? null : [" ", kind];
}

function head(me, here) {
	return h("header", { class: "top no-print" },
		h("a", { class: "brand", href: me ? "/" : "/login" }, "shokai ",
			me ? h("small", value(me.node.name), kindOf(me.node))
				: null),
		h("div", { class: "tools" },
			me ? h("a", { href: "/manual" + (here?.help
				? "#s" + here.help : "") }, t("shell.help"))
				: null,
			switches(),
			me ? [h("span", { class: "who" }, h("b", value(me.name)),
				" ", me.roles.map((r) => word("role", r))
					.join(t("comma"))),
			h("a", { href: "/password" }, t("shell.password")),
			h("button", { type: "button", class: "plain",
				onclick: leave }, t("shell.leave"))] : null));
}

/* The frame; returns the places that pages fill. */
function frame(pages, here, me) {
	const live = h("div", { class: "sr", role: "status" });
	const region = h("div", { id: "said", role: "status" });
	const content = h("div", { id: "content" });
	const main = h("main", { id: "main", tabindex: "-1" }, region, content,
		h("p", { class: "unentered" }, t("print.unentered")));

	document.body.toggleAttribute("data-personal", here?.personal ?? false);
	replace(document.body,
		h("a", { class: "skip", href: "#main" }, t("shell.skip")),
		head(me, here),
		h("div", { class: "body" + (me ? "" : " bare") },
			me ? navigation(pages, here, me) : null, main),
		live);
	useRegions(live, region);
	return content;
}

/* A locked session is opened again where one is: nothing typed is lost. */
function useLock(me) {
	let asking = null;

	useUnlock((e) => {
		asking ??= ask(t("lock.title"), (close) => lockForm(me, e, close))
			.finally(() => {
				asking = null;
			});
		return asking;
	});
}

function lockForm(me, e, close) {
	const password = field({ name: "password", label: t("login.password"),
		kind: "password", must: true, raw: true, wide: true,
		autocomplete: "current-password" });
	const totp = me.node.totp ? field({ name: "totp", must: true,
		label: t("login.totp"), mode: "numeric", max: 6,
		autocomplete: "one-time-code" }) : null;
	const fields = [password, totp].filter(Boolean);

	return form({
		fields, act: t("lock.act"), label: t("lock.title"),
		body: [h("p", e.code === "session.ended" ? t("lock.ended")
			: t("lock.idle")),
		h("p", t("login.name"), t("colon"), h("b", value(me.name))),
		fields],
		more: h("a", { class: "button", href: loginAddress() },
			t("lock.other")),
		send: async (values) => {
			await signIn(me.name, values.password, values.totp);
			close(true);
		},
	});
}

function loginAddress() {
	const here = location.pathname + location.search;

	return "/login" + (here === "/" ? ""
		: "?next=" + encodeURIComponent(here));
}

async function whoIsHere() {
	try {
		const me = await read("/me");

		useToken(me.csrf_token);
		return me;
	} catch (e) {
		if (e instanceof ApiError && e.status === 401)
			return null;
		throw e;
	}
}

function heading(page, more = {}) {
	return h("div", { class: "page-head" },
		more.crumbs ? h("ol", { class: "crumbs", role: "list",
			"aria-label": t("shell.crumbs") },
		more.crumbs.map(([text, href]) => h("li", h("a", { href },
			text)))) : null,
		h("h1", { tabindex: "-1" }, plain(more.title ?? title(page)),
			more.beside ? [" ", more.beside] : null),
		more.acts ? h("div", { class: "acts row" }, more.acts) : null,
		more.lead ? h("p", { class: "lead" }, more.lead) : null);
}

/* What a page's function is given. */
function context(found, me, content, pages) {
	const ctx = {
		me, params: found.params, page: found.page, pages,
		query: new URLSearchParams(location.search),
		crumb: (name) => {
			const page = pages.find((p) => p.page === name);

			return [title(page), page.path];
		},
		is: (...roles) => roles.some((r) => me?.roles.includes(r)),
		goTo: (address) => location.assign(address),
		again: () => run(found, me, content, pages),
		/* Puts the heading and what follows it on the page. */
		show: (more, ...nodes) => {
			const name = plain(more.title ?? title(found.page));

			document.title = name + " — shokai";
			replace(content, heading(found.page, more),
				h("div", { class: "stack" }, nodes));
			content.dataset.ready = "yes";
		},
	};

	return ctx;
}

function notCome(e) {
	throw e instanceof TypeError ? new ApiError("lost", 0, null) : e;
}

async function run(found, me, content, pages) {
	const ctx = context(found, me, content, pages);

	document.title = title(found.page) + " — shokai";
	replace(content, heading(found.page), loading());
	try {
		const module = await import("/web/pages/" + found.page.module
			+ ".js").catch(notCome);

		await module.default(ctx);
	} catch (e) {
		if (!(e instanceof ApiError))
			console.error(e);
		replace(content, heading(found.page),
			failure(e, () => run(found, me, content, pages)));
		content.dataset.ready = "yes";
	}
}

function refuse(content, page, kind, text, next) {
	document.title = (page ? title(page) : text) + " — shokai";
	replace(content, h("div", { class: "page-head" }, h("h1",
		{ tabindex: "-1" }, page ? title(page) : text)),
	h("div", { "data-state": kind, role: "alert" }, notice("warn", text, h("p", next),
		h("p", h("a", { href: "/" }, t("act.home"))))));
	content.dataset.ready = "yes";
}

const AGAIN_MS = 2000;

/* The strings and the list of pages; null: they did not come. */
async function parts() {
	try {
		await load();
		return (await (await fetch("/web/pages.json")).json()).pages;
	} catch {
		return null;
	}
}

export async function start() {
	const pages = await parts();

	if (!pages) { /* Nothing can be said without them. */
		setTimeout(() => location.reload(), AGAIN_MS);
		return;
	}
	const found = find(pages, location.pathname);
	let me = null;

	try {
		me = found?.page.page === "login" ? null : await whoIsHere();
	} catch (e) {
		const content = frame(pages, null, null);

		replace(content, h("div", { class: "page-head" },
			h("h1", { tabindex: "-1" }, "shokai")),
		failure(e, () => location.reload()));
		return;
	}
	if (me === null && found?.page.page !== "login") {
		location.replace(loginAddress());
		return;
	}
	const content = frame(pages, found?.page, me);

	sayWhatWasSaid();
	if (me)
		useLock(me);
	if (!found)
		refuse(content, null, "missing", t("state.missing"),
			t("state.missing.next"));
	else if (me && !open(found.page, me))
		refuse(content, found.page, "forbidden", t("state.forbidden"),
			t("state.forbidden.next", {
				roles: found.page.roles.map((r) => word("role", r))
					.join(t("comma")) || word("party",
					found.page.party[0]),
			}));
	else
		await run(found, me, content, pages);
}

