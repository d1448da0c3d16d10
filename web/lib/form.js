/*
 * form.js — fields with labels, hints and errors; a form whose errors are
 * listed at its top and stand beside the field; a form that is sent once.
 */
import { ApiError, newKey } from "/web/lib/api.js";
import { fresh, h, replace } from "/web/lib/dom.js";
import { complain, hush } from "/web/lib/say.js";
import { both, t } from "/web/lib/strings.js";

function control(o, id, describedBy) {
	const same = {
		id, name: o.name, required: o.must || null,
		"aria-describedby": describedBy, class: o.wide ? "wide" : null,
		autocomplete: o.autocomplete ?? "off", onchange: o.onchange,
		oninput: o.oninput,
	};

	if (o.options)
		return h("select", same, o.options.map((x) => h("option",
			{ value: x.value, selected: x.value === o.value },
			x.text)));
	if (o.kind === "area")
		return h("textarea", { ...same, maxlength: o.max, rows: "3" },
			o.value ?? "");
	return h("input", {
		...same, type: o.kind ?? "text", maxlength: o.max,
		value: o.kind === "file" ? undefined : o.value ?? "",
		inputmode: o.mode, min: o.least, max: o.most, step: o.step,
		size: o.size, accept: o.accept, spellcheck: "false",
	});
}

/* o: {name, label, kind, must, hint, value, options, max, size, wide,
 * check(value) → text of the error or null} */
export function field(o) {
	const id = fresh(o.name);
	const hint = o.hint ? h("p", { class: "hint", id: id + "-hint" },
		o.hint) : null;
	const error = h("p", { class: "error", id: id + "-error",
		hidden: true });
	const input = control(o, id, [hint && id + "-hint", id + "-error"]
		.filter(Boolean).join(" "));
	const node = h("div", { class: "field" },
		h("label", { for: id }, o.label,
			o.must ? h("span", { class: "must" }, t("form.must"))
				: null),
		hint, error, input, o.below);

	node.input = input;
	node.field = o;
	node.complain = (text) => {
		error.hidden = !text;
		error.textContent = text ? t("form.error", { text }) : "";
		if (text)
			input.setAttribute("aria-invalid", "true");
		else
			input.removeAttribute("aria-invalid");
	};
	node.wrong = () => {
		const text = input.value.trim();

		if (o.must && (o.kind === "file" ? input.files.length === 0
			: text === ""))
			return o.options ? t("form.choose") : t("form.empty");
		if (input.validity?.badInput)
			return t("form.bad");
		return text === "" ? null : o.check?.(text) ?? null;
	};
	return node;
}

/* One of several, or several of them, as a group with a legend.
 * o: {name, label, kind: radio|checkbox, choices: [{value, text, more,
 * checked}], must, hint} */
export function choices(o) {
	const id = fresh(o.name);
	const error = h("p", { class: "error", id: id + "-error",
		hidden: true });
	const inputs = o.choices.map((c) => {
		const of = fresh(o.name);
		const input = h("input", { type: o.kind, name: o.name, id: of,
			value: c.value, checked: c.checked,
			"aria-describedby": id + "-error",
			onchange: o.onchange });

		return { input, node: h("label", { class: "choice", for: of },
			input, h("span", c.text,
				c.more ? h("span", { class: "more" }, c.more)
					: null)) };
	});
	const node = h("fieldset", { class: "field" },
		h("legend", o.label, o.must
			? h("span", { class: "must" }, t("form.must")) : null),
		o.hint ? h("p", { class: "hint" }, o.hint) : null,
		error,
		h("div", { class: "choices" + (o.many ? " many" : ""),
			...(o.many ? { role: "group", tabindex: "0",
				"aria-label": o.label } : {}) },
		inputs.map((i) => i.node)));

	node.field = o;
	node.input = inputs[0]?.input;
	node.chosen = () => inputs.filter((i) => i.input.checked)
		.map((i) => i.input.value);
	node.complain = (text) => {
		error.hidden = !text;
		error.textContent = text ? t("form.error", { text }) : "";
	};
	node.wrong = () => o.must && node.chosen().length === 0
		? t("form.choose") : null;
	return node;
}

function summary(found) {
	const id = fresh("summary");

	return h("div", { class: "notice bad", role: "alert", tabindex: "-1",
		"aria-labelledby": id },
	h("span", { class: "sign", "aria-hidden": "true" }, t("sign.bad")),
	h("div", h("h2", { id }, t("form.errors", { n: found.length })),
		h("ul", found.map(({ node, text }) => h("li", h("a", {
			href: "#" + node.input.id,
			onclick: (event) => {
				event.preventDefault();
				node.input.focus();
			},
		}, node.field.label, t("colon"), text))))));
}

/* Which field does a refusal speak of? */
function accused(fields, e) {
	const item = e.problem.where?.item;

	return item ? fields.find((f) => f.field.name === item
		|| f.field.item === item) : undefined;
}

/*
 * o: {fields, body: nodes, act: text of the button, send(values, key, far) →
 * done (awaited; far(text) shows how far it is), more: nodes beside the button, danger, label,
 * line: all in one line}. While it is sent
 * the button waits; the same input is sent under the same key.
 */
export function form(o) {
	const top = h("div");
	const button = h("button", { type: "submit",
		class: "primary" + (o.danger ? " danger" : "") }, o.act);
	const far = h("span", { class: "quiet", role: "status" });
	let key = newKey();
	let sent = null;
	let busy = false;

	function values() {
		return Object.fromEntries(o.fields.map((f) => [f.field.name,
			f.chosen ? f.chosen() : f.field.kind === "file"
				? f.input.files[0] : f.field.raw ? f.input.value
					: f.input.value.trim()]));
	}

	function check() {
		const found = [];

		for (const node of o.fields) {
			const text = node.wrong();

			node.complain(text);
			if (text)
				found.push({ node, text });
		}
		return found;
	}

	function show(found) {
		const box = summary(found);

		replace(top, box);
		box.focus();
		box.scrollIntoView({ block: "nearest" });
	}

	async function submit(event) {
		event.preventDefault();
		if (busy)
			return;
		const found = check();

		if (found.length) {
			show(found);
			return;
		}
		replace(top);
		hush();
		busy = true;
		button.setAttribute("aria-disabled", "true");
		button.textContent = t("form.sending");
		const now = values();
		const same = JSON.stringify(now);

		if (sent !== null && sent !== same)
			key = newKey();
		sent = same;
		try {
			await o.send(now, key, (text) => {
				far.textContent = text;
			});
		} catch (e) {
			refused(e);
		} finally {
			busy = false;
			button.removeAttribute("aria-disabled");
			button.textContent = o.act;
			far.textContent = "";
		}
	}

	function refused(e) {
		if (!(e instanceof ApiError))
			throw e;
		const node = accused(o.fields, e);

		/* A refusal is final: what is sent after it is new. After a
		 * lost connection it may have arrived: the key stays. */
		if (e.kind !== "lost" && e.status < 500)
			key = newKey();
		if (!node) {
			complain(e, top);
			return;
		}
		const text = both(e.problem.title_ja, e.problem.title_en) ?? e.code;

		node.complain(text);
		show([{ node, text }]);
	}

	return h("form", { class: o.line ? "form line" : "form stack",
		novalidate: true,
		"aria-label": o.label, onsubmit: submit },
	top, o.body ?? o.fields,
	h("div", { class: "row" }, button, o.more, far));
}
