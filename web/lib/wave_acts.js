/*
 * wave_acts.js — what an officer may do with a wave, each after a question
 * that says what will happen.
 */
import { change } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h } from "/web/lib/dom.js";
import { field } from "/web/lib/form.js";
import { later } from "/web/lib/say.js";
import { number, t, word } from "/web/lib/strings.js";

function act(ctx, w, name, o) {
	return h("button", {
		type: "button", class: o.look ?? null,
		onclick: async () => {
			const done = await confirm({
				title: t("wave.ask." + name, { wave: w.wave }),
				happens: o.happens, act: t("wave.do." + name),
				danger: o.danger, reason: o.reason,
				send: (values, key) => change("POST", "/waves/"
					+ w.wave + "/" + name, values.reason
					? { reason: values.reason } : undefined,
					{ key }),
			});

			if (done) {
				later("good", t("wave.did." + name,
					{ wave: w.wave }));
				location.reload();
			}
		},
	}, t("wave.do." + name));
}

/* 代決: for one of those who cannot decide themselves. */
function deputy(ctx, w, deciders, counts) {
	return h("button", { type: "button", onclick: async () => {
		const done = await confirm({
			title: t("wave.ask.approve-for", { wave: w.wave }),
			act: t("wave.do.approve-for"),
			reason: t("wave.approve-for.why"),
			happens: [t("wave.approve.1", counts),
				t("wave.approve-for.1"), t("wave.approve.3")],
			fields: [field({ name: "name", must: true,
				label: t("wave.approve-for.whom"),
				options: deciders.map((d) => ({ value: d,
					text: d })) })],
			send: (v, key) => change("POST", "/waves/" + w.wave
				+ "/approve-for", v, { key }),
		});

		if (done) {
			later("good", t("wave.did.approve", { wave: w.wave }));
			location.reload();
		}
	} }, t("wave.do.approve-for"));
}

/* Buttons for the state the wave is in, and who looks at it. */
export function waveActs(ctx, w, deciders = []) {
	const counts = { n: number(w.inquiries), subjects: number(w.subjects),
		institutions: number(w.by_institution?.length
			?? w.institutions) };
	const mine = w.requester === ctx.me.name;
	const found = [];

	if (w.state === "drafted" && ctx.is("officer"))
		found.push(act(ctx, w, "submit", { look: "primary",
			happens: [t("wave.submit.1", counts),
				t("wave.submit.2")] }));
	if (w.state === "submitted" && ctx.is("approver") && !mine)
		found.push(act(ctx, w, "approve", { look: "primary",
			happens: [t("wave.approve.1", counts),
				t("wave.approve.2", {
					scope: word("scope", w.scope) }),
				t("wave.approve.3")] }),
		deciders.length ? deputy(ctx, w, deciders, counts) : null,
		act(ctx, w, "return", { reason: t("wave.return.why"),
			happens: [t("wave.return.1"), t("wave.return.2")] }));
	if (["drafted", "submitted", "approved", "sent"].includes(w.state)
	    && ctx.is("officer", "approver"))
		found.push(act(ctx, w, "cancel", { look: "danger", danger: true,
			reason: t("wave.cancel.why"),
			happens: w.state === "sent" || w.state === "approved"
				? [t("wave.cancel.1"), t("wave.cancel.2")]
				: [t("wave.cancel.0")] }));
	return found;
}

/* The pages of one wave, beside each other. */
export function waveTabs(w, here) {
	const pages = [["", "wave.tab.progress"], ["/sheet", "wave.tab.sheet"],
		["/compare", "wave.tab.compare"], ["/held", "wave.tab.held"],
		["/answers", "wave.tab.answers"],
		["/results", "wave.tab.results"],
		["/export", "wave.tab.export"]];

	return h("nav", { class: "tabs no-print", "aria-label": t("wave.tabs") },
		pages.map(([end, key]) => h("a", {
			href: "/waves/" + w + end,
			"aria-current": end === here ? "page" : null,
		}, t(key))));
}
