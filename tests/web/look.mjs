/*
 * look.mjs — what is wrong with a page as it stands: rules of axe-core (all
 * of them), text that the tables lack, overflow, boxes over each other.
 */
import { createRequire } from "node:module";

/* To be there before a page's own scripts: sent once for each terminal. */
export const AXE = createRequire(import.meta.url).resolve(
	"axe-core/axe.min.js");

/* Runs in the page. */
function measure() {
	const found = [];
	const root = document.documentElement;
	const missing = document.body.innerText.match(/⟦[^⟧]*⟧/g);

	if (missing)
		found.push("no text for " + missing.join(" "));
	if (root.scrollWidth > root.clientWidth)
		found.push("overflow: " + root.scrollWidth + " in "
			+ root.clientWidth);
	const seen = (x) => x.checkVisibility({ visibilityProperty: true })
		&& !x.closest(".sr, .skip, dialog");
	const boxes = [...document.querySelectorAll("a, button, input, select, "
		+ "textarea, h1, h2, h3, th, td, label, dt, dd, .tag, .notice")]
		.filter(seen).map((x) => ({ x, r: x.getBoundingClientRect() }))
		.filter(({ r }) => r.width > 0 && r.height > 0);

	boxes.sort((a, b) => a.r.top - b.r.top);
	for (let i = 0; i < boxes.length; i++) {
		for (let j = i + 1; j < boxes.length; j++) {
			const [a, b] = [boxes[i], boxes[j]];

			if (b.r.top >= a.r.bottom - 1)
				break;
			if (a.x.contains(b.x) || b.x.contains(a.x))
				continue;
			/* A label may lie around its input. */
			const wide = Math.min(a.r.right, b.r.right)
				- Math.max(a.r.left, b.r.left);
			const high = Math.min(a.r.bottom, b.r.bottom)
				- Math.max(a.r.top, b.r.top);

			if (wide > 2 && high > 2 && !clipped(a.x, b.x))
				found.push("overlap: " + name(a.x) + " / "
					+ name(b.x));
		}
	}

	/* What lies in a box that scrolls is cut off at its edge. */
	function clipped(a, b) {
		const of = (x) => x.closest(".scroll, .choices.many, .low");

		return of(a) !== of(b);
	}

	function name(x) {
		return x.tagName + " " + x.textContent.trim().slice(0, 30);
	}
	/* Text wider than its box. */
	for (const { x } of boxes)
		if (x.matches("a, button, h1, h2, .tag, dd, td, th")
		    && x.scrollWidth > x.clientWidth + 1 && x.clientWidth > 0
		    && getComputedStyle(x).display !== "inline")
			found.push("text out of its box: " + name(x));
	return found.slice(0, 5);
}

export async function look(page) {
	return page.evaluate(measure);
}

/* axe-core, every rule, also the best practices. */
export async function axe(page) {
	const { violations } = await page.evaluate(() => window.axe.run(document,
		{ resultTypes: ["violations"] }));

	return violations.map((v) => v.id + ": " + v.nodes.slice(0, 2).map((n) =>
		n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " ")
			.slice(0, 160)).join(" | "));
}
