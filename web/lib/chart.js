/*
 * chart.js — a balance over time, and credits by kind, as SVG. Each has a
 * text that says the same, and the table stands beside it.
 */
import { h, svg } from "/web/lib/dom.js";
import { IN, REMARK } from "/web/lib/items.js";
import { day, number, t, yen } from "/web/lib/strings.js";

const WIDTH = 480;
const HEIGHT = 170;
const LEFT = 92;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 24;

function days(text) {
	return Date.parse(text + "T00:00:00Z") / 86400000;
}

/* A round number at or above n: 1, 2 or 5 times a power of ten. */
function round(n) {
	const power = 10 ** Math.floor(Math.log10(Math.max(n, 1)));

	return [1, 2, 5, 10].map((k) => k * power).find((k) => k >= n);
}

/* points: [{day: "YYYY-MM-DD", balance}], in order of time. */
export function balance(points) {
	const known = points.filter((p) => /^\d{4}-\d\d-\d\d$/.test(p.day)
		&& Number.isFinite(p.balance));

	if (known.length < 2)
		return null;
	const first = days(known[0].day);
	const last = Math.max(days(known.at(-1).day), first + 1);
	const top = round(Math.max(...known.map((p) => p.balance), 1));
	const low = Math.min(0, ...known.map((p) => p.balance));
	const x = (p) => LEFT + (days(p.day) - first) / (last - first)
		* (WIDTH - LEFT - RIGHT);
	const y = (n) => TOP + (top - n) / (top - low)
		* (HEIGHT - TOP - BOTTOM);
	/* The balance stays as it is until the next transaction. */
	const line = known.map((p, i) => (i === 0 ? "M" : "H") + x(p).toFixed(1)
		+ (i === 0 ? " " : "V") + y(p.balance).toFixed(1)).join("");
	const area = line + "V" + y(low) + "H" + LEFT + "Z";
	const text = t("chart.balance", {
		n: known.length, from: day(known[0].day),
		to: day(known.at(-1).day), first: yen(known[0].balance),
		last: yen(known.at(-1).balance),
		most: yen(Math.max(...known.map((p) => p.balance))),
		least: yen(Math.min(...known.map((p) => p.balance))),
	});

	return h("figure", { class: "figure" }, svg("svg", {
		class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
		"aria-label": text,
	},
	[0, 0.5, 1].map((k) => [
		svg("line", { class: k ? "grid" : "axis", x1: LEFT,
			x2: WIDTH - RIGHT, y1: y(k * top), y2: y(k * top) }),
		svg("text", { x: LEFT - 6, y: y(k * top) + 4,
			"text-anchor": "end" }, number(k * top)),
	]),
	svg("path", { class: "area", d: area }),
	svg("path", { class: "line", d: line }),
	known.map((p) => svg("circle", { class: "dot", r: 2.5, cx: x(p),
		cy: y(p.balance) })),
	svg("text", { x: LEFT, y: HEIGHT - 6 }, day(known[0].day)),
	svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 6, "text-anchor": "end" },
		day(known.at(-1).day))));
}

/* A share as a bar; its number stands beside it. */
export function bar(part, whole, label) {
	const share = whole > 0 ? Math.min(1, part / whole) : 0;

	return svg("svg", { class: "bar", viewBox: "0 0 100 8", role: "img",
		preserveAspectRatio: "none",
		"aria-label": label ?? t("chart.share",
			{ part: number(part), whole: number(whole) }) },
	svg("rect", { class: "track", x: 0, y: 0, width: 100, height: 8 }),
	svg("rect", { class: "done", x: 0, y: 0, width: 100 * share,
		height: 8 }));
}

/* Credits by what the bank's text says: [{kind, n, sum}], largest first. */
export function credits(transactions) {
	const found = new Map();

	for (const row of transactions) {
		const sum = Number(row[IN] || 0);

		if (sum <= 0)
			continue;
		const kind = (row[REMARK] || "").split(/[ \u3000]/)[0];
		const had = found.get(kind) ?? { kind, n: 0, sum: 0 };

		had.n += 1;
		had.sum += sum;
		found.set(kind, had);
	}
	return [...found.values()].sort((a, b) => b.sum - a.sum);
}
