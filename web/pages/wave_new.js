/* wave_new.js — 起案: whom and where to ask, on which basis, for what. */
import { change, read } from "/web/lib/api.js";
import { h, replace, value } from "/web/lib/dom.js";
import { nextChange } from "/web/lib/events.js";
import { choices, field, form } from "/web/lib/form.js";
import { failure, later, notice } from "/web/lib/say.js";
import { selections } from "/web/lib/selections.js";
import { number, t, word } from "/web/lib/strings.js";

const SCOPES = ["existence", "balance", "detail"];
const COUNT_AFTER_MS = 600;

/* YYYY-MM-DD of the node's today, moved by whole years and days. */
function moved(now, years, days) {
	const d = new Date(now.slice(0, 10) + "T00:00:00Z");

	d.setUTCFullYear(d.getUTCFullYear() + years);
	d.setUTCDate(d.getUTCDate() + days);
	return d.toISOString().slice(0, 10);
}

/* A list of 宛名番号, one a line or separated by commas. */
function numbers(text) {
	return text.split(/[\s,、]+/).filter(Boolean);
}

function orderFields(ctx, codes) {
	const today = ctx.me.now;

	return {
		name: field({ name: "name", label: t("new.name"), must: true,
			max: 200, wide: true, hint: t("new.name.hint") }),
		purpose: field({ name: "purpose", label: t("new.purpose"),
			must: true, max: 200, wide: true,
			value: t("new.purpose.usual") }),
		basis: choices({ name: "basis", kind: "checkbox", must: true,
			label: t("new.basis"), hint: t("new.basis.hint"),
			choices: usable(codes).map((b) => ({ value: b.code,
				text: b.text,
				more: kindsOf(b, codes) })) }),
		claim: field({ name: "claim_kind", label: t("new.claim"),
			options: [{ value: "", text: t("new.claim.all") },
				...codes.claim_kinds.map((k) => ({ value: k.code,
					text: k.name }))] }),
		least: field({ name: "min_amount", label: t("new.least"),
			mode: "numeric", max: 12, size: 14,
			hint: t("new.least.hint"), check: (text) =>
				/^\d{1,12}$/.test(text) ? null
					: t("new.least.bad") }),
		age: field({ name: "min_age", label: t("new.age"),
			mode: "numeric", max: 5, size: 6, hint: t("new.age.hint"),
			check: (text) => /^\d{1,5}$/.test(text)
				&& Number(text) <= 36500 ? null : t("new.age.bad") }),
		picks: field({ name: "subjects", label: t("new.picks"),
			kind: "area", wide: true, hint: t("new.picks.hint"),
			check: (text) => numbers(text).every((n) =>
				/^\d{1,15}$/.test(n)) ? null
				: t("new.picks.bad") }),
		institutions: choices({ name: "institutions", kind: "checkbox",
			must: true, many: true, label: t("new.institutions"),
			choices: codes.institutions.map((i) => ({
				value: i.code, checked: true,
				text: i.code + " " + (i.name === i.code ? ""
					: i.name),
				more: i.hub + " " + word("link", i.link) })) }),
		why: field({ name: "reason", label: t("new.reason"), must: true,
			max: 200, wide: true, value: t("new.reason.usual") }),
		base: field({ name: "base_date", label: t("new.base"),
			kind: "date", must: true, value: moved(today, 0, 0) }),
		from: field({ name: "period_from", label: t("new.from"),
			kind: "date", must: true, value: moved(today, -1, 0) }),
		to: field({ name: "period_to", label: t("new.to"),
			kind: "date", must: true, value: moved(today, 0, 0) }),
		deadline: field({ name: "deadline", label: t("new.deadline"),
			kind: "date", value: moved(today, 0, 30) }),
		scope: choices({ name: "scope", kind: "radio", must: true,
			label: t("new.scope"), choices: SCOPES.map((s) => ({
				value: s, checked: s === "balance",
				text: word("scope", s),
				more: word("scope.more", s) })) }),
	};
}

/* Bases of claims that this ward has. */
function usable(codes) {
	return codes.basis.filter((b) => codes.claim_kinds.some((k) =>
		b.kinds.includes(k.code)));
}

/* Which claims a basis serves, and how far it goes. */
function kindsOf(basis, codes) {
	return t("new.basis.more", {
		kinds: codes.claim_kinds.filter((k) =>
			basis.kinds.includes(k.code)).map((k) => k.name)
			.join(t("comma")),
		scope: word("scope", basis.scope), years: basis.years });
}

function order(v, all) {
	const picks = numbers(v.subjects);

	return {
		name: v.name, basis: v.basis.join(","), purpose: v.purpose,
		base_date: v.base_date, period_from: v.period_from,
		period_to: v.period_to, scope: v.scope[0],
		institutions: v.institutions.length === all ? "all"
			: v.institutions,
		reason: v.reason,
		...(v.claim_kind ? { claim_kind: v.claim_kind } : {}),
		...(v.min_amount ? { min_amount: Number(v.min_amount) } : {}),
		...(v.min_age ? { min_age: Number(v.min_age) } : {}),
		...(v.deadline ? { deadline: v.deadline } : {}),
		...(picks.length ? { subjects: picks.map((atena) =>
			({ atena })) } : {}),
	};
}

/* What the draft would ask, counted while it is written. */
function counter(fields, all) {
	const box = h("div", { class: "card", "aria-live": "polite" },
		h("h2", t("new.count")), h("p", { class: "quiet" },
			t("new.count.later")));
	let timer = null;
	let newest = 0;

	/* null: too little has been chosen. */
	function chosen() {
		const values = Object.fromEntries(Object.values(fields).map((f) =>
			[f.field.name, f.chosen ? f.chosen() : f.input.value]));

		if (values.basis.length === 0 || values.scope.length === 0
		    || values.institutions.length === 0)
			return null;
		return order({ ...values, name: values.name || "-" }, all);
	}

	function put(...nodes) {
		replace(box, h("h2", t("new.count")), nodes);
	}

	/* The answers are of some thousands each: their sum grows as it is
	 * looked at. What comes late is not shown over what came after. */
	async function count(wanted, mine) {
		let sum = null;
		let cursor;

		do {
			const c = await change("POST", "/waves/count",
				{ ...wanted, ...(cursor ? { cursor } : {}) });

			if (mine !== newest)
				return;
			sum = sum === null ? c : added(sum, c);
			cursor = c.rest;
			put(counted(sum), cursor ? h("p", { class: "quiet" },
				t("new.count.on")) : null);
		} while (cursor);
	}

	async function show(mine) {
		const wanted = chosen();

		if (wanted === null)
			put(h("p", { class: "quiet" }, t("new.count.later")));
		else
			await count(wanted, mine).catch((e) => {
				if (mine === newest)
					put(failure(e));
			});
		if (mine === newest)
			box.removeAttribute("aria-busy");
	}

	box.put = put;
	box.changed = () => {
		clearTimeout(timer);
		newest += 1;
		box.setAttribute("aria-busy", "true");
		timer = setTimeout(show, COUNT_AFTER_MS, newest);
	};
	return box;
}

/* Of many persons a draft is put together by the node: until it is there. */
async function drafted(wave, put) {
	for (;;) {
		try {
			await read("/waves/" + wave);
			return;
		} catch (e) {
			if (e.status === 404) /* it asks about nobody */
				e.problem.title_ja = e.problem.title_en
					= t("new.empty");
			if (e.code !== "wave.drafting")
				throw e;
		}
		put(h("p", t("new.drafting")));
		await nextChange();
	}
}

/* Two answers of /waves/count, of different persons. */
function added(a, b) {
	const exclusions = a.exclusions.map((x) => ({ ...x }));

	for (const x of b.exclusions) {
		const known = exclusions.find((y) => y.reason === x.reason);

		if (known)
			known.subjects += x.subjects;
		else
			exclusions.push({ ...x });
	}
	return { ...b, exclusions, subjects: a.subjects + b.subjects,
		claims: a.claims + b.claims, excluded: a.excluded + b.excluded,
		duplicates: a.duplicates + b.duplicates,
		inquiries: a.inquiries + b.inquiries };
}

function counted(c) {
	return [h("dl", { class: "pairs" },
		h("dt", t("wave.subjects")), h("dd", number(c.subjects)),
		h("dt", t("wave.institutions")), h("dd", number(c.institutions)),
		h("dt", t("wave.inquiries")), h("dd", h("b",
			number(c.inquiries))),
		c.exclusions.map((x) => [h("dt", t("new.excluded")),
			h("dd", value(x.reason), " ", number(x.subjects))])),
	c.duplicates > 0 ? notice("warn", t("new.duplicates",
		{ n: number(c.duplicates) })) : null];
}

export default async function waveNew(ctx) {
	const codes = await read("/codes");
	const all = codes.institutions.length;
	const f = orderFields(ctx, codes);
	const box = counter(f, all);
	const kept = await selections(f);

	if (all === 0) {
		ctx.show({}, h("div", { "data-state": "empty" }, notice("warn",
			t("new.nobody"), h("p", t("new.nobody.next")))));
		return;
	}
	ctx.show({
		crumbs: [ctx.crumb("waves")], lead: t("new.lead"),
	}, h("div", { onchange: box.changed, oninput: box.changed }, form({
		fields: Object.values(f), act: t("new.act"), label: t("wave.new"),
		body: [
			h("section", { class: "card stack" }, h("h2", t("new.what")),
				f.name, f.purpose, f.basis, f.scope),
			h("section", { class: "card stack" }, h("h2", t("new.who")),
				kept,
				h("div", { class: "fields" }, f.claim, f.least,
					f.age),
				h("details", h("summary", t("new.picks.open")),
					f.picks)),
			h("section", { class: "card stack" },
				h("h2", t("new.where")), f.institutions, f.why),
			h("section", { class: "card stack" },
				h("h2", t("new.when")), h("div",
					{ class: "fields" }, f.base, f.from, f.to,
					f.deadline)),
			box,
		],
		more: h("a", { class: "button", href: "/waves" },
			t("act.back")),
		send: async (values, key) => {
			const { wave, whole } = await change("POST", "/waves",
				order(values, all), { key });

			if (!whole)
				await drafted(wave, box.put);
			later("good", t("new.done", { wave }));
			ctx.goTo("/waves/" + wave + "/sheet");
		},
	})));
}
