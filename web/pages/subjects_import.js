/* subjects_import.js — 取込み: a preview with errors by line, then the deed. */
import { changeLong, query } from "/web/lib/api.js";
import { h, replace, value } from "/web/lib/dom.js";
import { choices, field, form } from "/web/lib/form.js";
import { announce, notice, tell } from "/web/lib/say.js";
import { table } from "/web/lib/table.js";
import { both, number, t } from "/web/lib/strings.js";

const MOST = 2 * 1024 * 1024 * 1024;
const SHOWN = 200;

function counts(r) {
	const shown = ["accepted", "refused", "changed", "stopped", "removed",
		"kept"];

	return h("dl", { class: "pairs" }, shown.filter((k) => r[k] !== undefined)
		.map((k) => [h("dt", t("import." + k)),
			h("dd", number(r[k]))]));
}

function refusedRows(r) {
	const items = (r.refusals ?? []).filter((x) => x.code !== "more");

	return items.length === 0 ? null : table({
		caption: t("import.refusals", { n: number(r.refused) }),
		columns: [
			{ head: t("where.line"), num: true, cell: (x) =>
				number(x.where?.line) },
			{ head: t("where.item"), cell: (x) =>
				value(x.where?.item ?? "") },
			{ head: t("held.reason"), cell: (x) => both(x.why?.ja,
				x.why?.en) ?? "" },
			{ head: t("import.code"), tight: true, cell: (x) =>
				h("code", x.code) },
		],
		rows: items.slice(0, SHOWN),
	});
}

export default function subjectsImport(ctx) {
	const result = h("div", { class: "stack", "aria-live": "polite" });
	const file = field({ name: "file", label: t("import.file"), must: true,
		kind: "file", accept: ".csv,text/csv",
		hint: t("import.file.hint") });
	const fields = [file,
		choices({ name: "encoding", kind: "radio", must: true,
			label: t("export.encoding"), choices: [
				{ value: "utf-8", text: t("import.utf8"),
					checked: true },
				{ value: "cp932", text: t("import.cp932") }] }),
		choices({ name: "diff", kind: "radio", must: true,
			label: t("import.what"), choices: [
				{ value: "", text: t("import.full"), checked: true,
					more: t("import.full.more") },
				{ value: "1", text: t("import.diff"),
					more: t("import.diff.more") }] })];

	function address(v, dry) {
		return "/subjects/import" + query({ encoding: v.encoding[0],
			diff: v.diff[0] ? "1" : "",
			dry_run: dry ? "1" : "" });
	}

	/* The file goes as it is: it may be larger than memory. */
	function send(v, dry, key, far) {
		return changeLong("POST", address(v, dry), v.file,
			{ key, type: "text/csv" },
			(p) => far(t("import.far", { n: number(p.done) })));
	}

	function preview(r, v) {
		replace(result, h("section", { class: "card stack",
			"data-part": "preview" },
		h("h2", t("import.preview")), counts(r),
		r.refused > 0 ? notice("warn", t("import.some",
			{ n: number(r.refused) }), h("p", t("import.some.next")))
			: notice("good", t("import.none"), h("p",
				t("import.none.next"))),
		refusedRows(r),
		form({
			fields: [], act: t("import.act", { n: number(r.accepted) }),
			label: t("import.title"),
			more: h("a", { class: "button",
				href: "/subjects/import" }, t("act.back")),
			send: async (_, key, far) => done(await send(v, false,
				key, far)),
		})));
		tell(t("import.preview"));
	}

	function done(r) {
		announce(r.refused > 0 ? "warn" : "good", t("import.done",
			{ n: number(r.accepted) }),
		r.refused > 0 ? h("p", t("import.half")) : null);
		replace(result, h("section", { class: "card stack",
			"data-state": r.refused > 0 ? "partial" : "done" },
		h("h2", t("import.result")), counts(r), refusedRows(r),
		h("p", h("a", { href: "/subjects" }, ctx.crumb("subjects")[0]), " ",
			h("a", { href: "/stops" }, ctx.crumb("stops")[0]))));
	}

	ctx.show({ crumbs: [ctx.crumb("subjects")],
		lead: t("import.lead") },
	h("div", { class: "card" }, form({
		fields, act: t("import.look"), label: t("import.look"),
		send: async (v, key, far) => {
			if (v.file.size > MOST) {
				file.complain(t("import.big"));
				return;
			}
			preview(await send(v, true, key, far), v);
		},
	})), result);
}
