/* check_acts.js — approving and returning a file at the via-ward check. */
import { change } from "/web/lib/api.js";
import { confirm } from "/web/lib/dialog.js";
import { h, path } from "/web/lib/dom.js";
import { announce } from "/web/lib/say.js";
import { number, t, word } from "/web/lib/strings.js";

/* Buttons for a waiting file; done() afterwards. */
export function checkActs(ctx, r, done) {
	if (r.state !== "waiting" || !ctx.is("officer", "approver"))
		return [];
	const where = path`/checks/${r.file}`;
	const words = { file: r.file, n: number(r.records),
		direction: word("check.direction", r.direction) };

	return ["approve", "return"].map((name) => h("button", {
		type: "button", class: name === "return" ? "danger" : null,
		onclick: async () => {
			const ok = await confirm({
				title: t("check.ask." + name, words),
				happens: [t("check." + name + "." + r.direction,
					words), t("check." + name + ".2")],
				act: t("check." + name),
				danger: name === "return",
				reason: name === "return" ? t("check.why") : null,
				send: (v, key) => change("POST", where + "/" + name,
					v.reason ? { reason: v.reason } : undefined,
					{ key }),
			});

			if (ok) {
				announce("good", t("check.did." + name, words));
				done();
			}
		},
	}, t("check." + name)));
}
