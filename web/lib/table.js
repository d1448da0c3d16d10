/*
 * table.js — tables: a fixed one, and a list in pages by cursor.
 *
 * A column is {key, head, cell(row) → text or node, num, tight, grow}. In a list
 * the arrow keys go from row to row (Home, End: first, last), [ and ] turn
 * the pages; everything is also there for Tab and mouse.
 */
import { query, read } from "/web/lib/api.js";
import { fresh, h, redraw, replace, value } from "/web/lib/dom.js";
import { follow } from "/web/lib/events.js";
import { empty, failure, loading, tell } from "/web/lib/say.js";
import { number, t } from "/web/lib/strings.js";

const PAGE = 50;

function kind(column) {
	return ["num", "tight", "grow"].filter((k) => column[k]).join(" ")
		|| null;
}

function cell(column, row, isFirst) {
	const content = column.cell ? column.cell(row)
		: value(row[column.key]);

	return h(isFirst ? "th" : "td", {
		class: kind(column), scope: isFirst ? "row" : null,
	}, content);
}

function headRow(columns) {
	return h("thead", h("tr", columns.map((c) => h("th", {
		scope: "col", class: kind(c),
	}, c.head))));
}

/* A number of things: zero is quiet. */
export function count(n) {
	return h("span", { class: n ? null : "zero" }, number(n));
}

/* o: {caption, columns, rows, foot: row, hideCaption, dense} */
export function table(o) {
	const id = fresh("caption");

	return h("div", { class: o.dense ? "scroll dense" : "scroll",
		role: "group", tabindex: "0",
		"aria-labelledby": id },
	h("table",
		h("caption", { id, class: o.hideCaption ? "sr" : null },
			o.caption),
		headRow(o.columns),
		h("tbody", o.rows.map((row) => h("tr",
			o.columns.map((c, i) => cell(c, row, i === 0))))),
		o.foot ? h("tfoot", h("tr", o.columns.map((c, i) =>
			cell(c, o.foot, i === 0)))) : null));
}

function focusables(body) {
	return [...body.querySelectorAll("tbody tr")].map((row) =>
		row.querySelector("a, button, input")).filter(Boolean);
}

/* Arrow keys from row to row. */
export function withKeys(body, turn) {
	body.addEventListener("keydown", (event) => {
		const typing = event.target.matches(
			"input:not([type=checkbox]), select, textarea");
		const all = focusables(body);
		const row = event.target.closest("tr");
		const at = all.findIndex((x) => row && row.contains(x));
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		let to = -1;

		if (typing || event.ctrlKey || event.altKey || event.metaKey)
			return;
		if (step !== undefined)
			to = at < 0 ? 0 : at + step;
		else if (event.key === "Home")
			to = 0;
		else if (event.key === "End")
			to = all.length - 1;
		else if (turn && (event.key === "]" || event.key === "["))
			turn(event.key === "]" ? 1 : -1);
		if (to >= 0 && to < all.length) {
			all[to].focus();
			event.preventDefault();
		}
	});
}

/*
 * A list by cursor. o: {caption, columns, from(cursor, limit) → {items, next}
 * or path and filter (whole: it comes in one page), none: text, noneNext: node,
 * limit, live: it follows what happens}. Returns the node, with .again() to
 * read the list again from its beginning, .reload() the page that is shown.
 */
export function list(o) {
	const body = h("div");
	const paging = h("nav", { class: "paging",
		"aria-label": t("paging.label", { of: o.caption }) });
	const node = h("div", body, paging);
	const before = [];
	let here = null;
	let next = null;
	let shown = "";
	let running = 0;

	const from = o.from ?? ((cursor, limit) => read(o.path + query({
		...o.filter?.(), ...(o.whole ? {} : { cursor, limit }) })));

	async function show(cursor, focus) {
		const mine = ++running;

		here = cursor;
		if (!body.hasChildNodes())
			replace(body, loading());
		body.setAttribute("aria-busy", "true");
		try {
			const got = await from(cursor, o.limit ?? PAGE);

			if (mine !== running)
				return;
			next = got.next ?? null;
			shown = JSON.stringify(got);
			draw(got.items);
			if (focus)
				focusables(body)[0]?.focus();
		} catch (e) {
			if (mine !== running)
				return;
			next = null;
			replace(body, failure(e, () => show(cursor, true)));
			replace(paging);
		} finally {
			body.removeAttribute("aria-busy");
		}
	}

	/* The same page as it is now; drawn only if it is another. What cannot
	 * be read is said by the connection, or by the next page turned. */
	async function refresh() {
		const mine = running;
		const got = await from(here, o.limit ?? PAGE).catch(() => null);

		if (got === null || mine !== running
		    || JSON.stringify(got) === shown)
			return;
		next = got.next ?? null;
		shown = JSON.stringify(got);
		draw(got.items);
	}

	function draw(items) {
		if (items.length === 0 && before.length === 0) {
			replace(body, empty(o.none, o.noneNext));
			replace(paging);
			tell(o.none);
			return;
		}
		redraw(body, table({ ...o, rows: items }));
		o.shown?.(items);
		tell(t("paging.told", { n: items.length,
			page: before.length + 1 }));
		if (before.length === 0 && next === null) {
			replace(paging, h("span", t("paging.all",
				{ n: number(items.length) })));
			return;
		}
		replace(paging,
			h("button", { type: "button", onclick: () => turn(-1),
				"aria-disabled": before.length === 0 ? "true" : null },
			t("paging.before")),
			h("span", t("paging.page", { page: before.length + 1 })),
			h("button", { type: "button", onclick: () => turn(1),
				"aria-disabled": next === null ? "true" : null },
			t("paging.next")),
			h("span", { class: "keys" }, t("paging.keys")));
	}

	function turn(step) {
		if (step > 0 && next !== null) {
			before.push(here);
			show(next, true);
		} else if (step < 0 && before.length > 0) {
			show(before.pop(), true);
		}
	}

	withKeys(body, turn);
	node.again = () => {
		before.length = 0;
		return show(null, false);
	};
	node.reload = () => show(here, false);
	show(null, false);
	if (o.live)
		follow(node, refresh);
	return node;
}
