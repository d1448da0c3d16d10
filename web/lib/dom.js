/*
 * dom.js — elements from plain calls. Text goes in as text nodes and
 * attributes by setAttribute: nothing here reads markup from a string.
 */
import { ACTING, coded } from "/web/lib/marks.js";

const SVG = "http://www.w3.org/2000/svg";

function set(node, name, value) {
	if (value === undefined || value === null || value === false)
		return;
	if (name.startsWith("on"))
		node.addEventListener(name.slice(2), value);
	else if (name === "value" || name === "checked" || name === "selected")
		node[name] = value;
	else
		node.setAttribute(name, value === true ? "" : String(value));
}

function fill(node, children) {
	for (const child of children.flat(Infinity)) {
		if (child === undefined || child === null || child === false)
			continue;
		node.append(child instanceof Node ? child
			: document.createTextNode(String(child)));
	}
	return node;
}

/* h("a", {href: "/"}, "text", …): attributes may be left out. */
export function h(tag, ...rest) {
	const node = document.createElement(tag);
	const first = rest[0];

	if (first && typeof first === "object" && !Array.isArray(first)
	    && !(first instanceof Node)) {
		for (const [name, value] of Object.entries(first))
			set(node, name, value);
		rest.shift();
	}
	return fill(node, rest);
}

export function svg(tag, attributes, ...children) {
	const node = document.createElementNS(SVG, tag);

	for (const [name, value] of Object.entries(attributes))
		set(node, name, value);
	return fill(node, children);
}

export function replace(node, ...children) {
	node.replaceChildren();
	return fill(node, children);
}

const STOPS = "a, button, input, select, textarea, [tabindex]";

/* What stands in it now where old stood: the same link, or the same place. */
function sameAs(node, old, at) {
	const all = [...node.querySelectorAll(STOPS)];
	const href = old.getAttribute("href");

	return all.find((x) => href && x.getAttribute("href") === href)
		?? all[at];
}

/* As replace; who stood in it with the focus stands there again. */
export function redraw(node, ...children) {
	const old = node.contains(document.activeElement)
		? document.activeElement : null;
	const at = [...node.querySelectorAll(STOPS)].indexOf(old);

	replace(node, children);
	if (old)
		sameAs(node, old, at)?.focus({ preventScroll: true });
	return node;
}

/* A value from outside: isolated from the text around it, and what would
 * act without being seen is shown by its number. */
export function value(text, attributes = {}) {
	const node = h("bdi", { class: "value", ...attributes });
	const whole = text === undefined || text === null ? "" : String(text);
	let at = 0;

	for (const found of whole.matchAll(ACTING)) {
		node.append(whole.slice(at, found.index), h("span",
			{ class: "ctrl" }, coded(found[0])));
		at = found.index + found[0].length;
	}
	node.append(whole.slice(at));
	return node;
}

let last = 0;

/* An id that is nobody else's on this page. */
export function fresh(prefix) {
	last += 1;
	return prefix + "-" + last;
}

/* An address: its parts are encoded. path`/waves/${id}` */
export function path(texts, ...parts) {
	return texts.reduce((whole, text, i) =>
		whole + encodeURIComponent(parts[i - 1]) + text);
}
