/*
 * look.mjs — what is wrong with a page as it stands: rules of axe-core (all
 * of them), text that the tables lack, overflow, boxes over each other, a
 * colour without a sign, a focus that nobody sees, paper that is too narrow.
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
	/* What a colour says, a sign says too. */
	for (const x of document.querySelectorAll(".tag.good, .tag.warn, "
		+ ".tag.bad, .tag.note, .notice"))
		if (!x.querySelector("[aria-hidden=true]")?.textContent.trim())
			found.push("colour alone: " + name(x));
	for (const x of document.querySelectorAll(".figures .attention"))
		if (!x.textContent.includes("▲"))
			found.push("colour alone: " + name(x));
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

/* Runs in the page, the keyboard being what was used last. Each thing that
 * Tab stops at has a line around it, in a colour that is seen (WCAG 2.4.7,
 * 1.4.11), and is not hidden behind something else (2.4.11). */
function unseen() {
	const found = [];
	const light = (rgb) => rgb.match(/[\d.]+/g).slice(0, 3).map((c) => {
		const x = Number(c) / 255;

		return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
	}).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05)
		/ (Math.min(light(a), light(b)) + 0.05);
	const page = getComputedStyle(document.documentElement).backgroundColor;

	for (const x of [...document.querySelectorAll("a[href], button, input, "
		+ "select, textarea, summary, [tabindex='0']")].slice(0, 60)) {
		if (!x.checkVisibility({ visibilityProperty: true })
		    || x.disabled)
			continue;
		x.focus();
		const style = getComputedStyle(x);
		const box = x.getBoundingClientRect();

		if (document.activeElement !== x)
			continue;
		if (style.outlineStyle === "none"
		    || parseFloat(style.outlineWidth) < 2
		    || contrast(style.outlineColor, page) < 3)
			found.push("focus is not seen: " + x.tagName + " "
				+ x.textContent.trim().slice(0, 30) + " "
				+ style.outline);
		if (box.bottom <= 0 || box.top >= innerHeight)
			found.push("focus is out of sight: " + x.tagName + " "
				+ x.textContent.trim().slice(0, 30));
	}
	document.activeElement.blur();
	scrollTo(0, 0);
	return found.slice(0, 5);
}

export async function focus(page) {
	await page.keyboard.press("Tab");
	return page.evaluate(unseen);
}

/* Runs in the page, in the form for paper. What shows personal data comes on
 * paper only after the print has been entered (持出し記録). */
function onPaper(personal) {
	const found = [];
	const root = document.documentElement;
	const content = document.querySelector("#content");
	const instead = document.querySelector(".unentered");

	if (content.checkVisibility() === personal
	    || instead.checkVisibility() !== personal)
		found.push("printed without an entry: " + personal);
	document.body.dataset.entered = "";
	if (!content.checkVisibility() || instead.checkVisibility())
		found.push("not printed although it is entered");
	if (root.scrollWidth > root.clientWidth)
		found.push("wider than paper: " + root.scrollWidth + " in "
			+ root.clientWidth);
	for (const x of document.querySelectorAll(".top, .side, button"))
		if (x.checkVisibility())
			found.push("on paper: " + x.className + x.textContent);
	delete document.body.dataset.entered;
	return found.slice(0, 5);
}

export async function paper(page, personal) {
	return page.evaluate(onPaper, personal);
}

/* axe-core, every rule, also the best practices. */
export async function axe(page) {
	const { violations } = await page.evaluate(() => window.axe.run(document,
		{ resultTypes: ["violations"] }));

	return violations.map((v) => v.id + ": " + v.nodes.slice(0, 2).map((n) =>
		n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " ")
			.slice(0, 160)).join(" | "));
}
