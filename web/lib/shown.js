/* shown.js — the value of an item as it is read: codes by their word. */
import { value } from "/web/lib/dom.js";
import * as I from "/web/lib/items.js";
import { day, word, yen } from "/web/lib/strings.js";

export function shown(name, text) {
	switch (name) {
	case I.BIRTH:
	case I.REMINDED:
		return value(day(text));
	case I.SEX:
		return value(word("sex", text));
	case I.CHECKED:
		return value(word("kana.checked", text));
	case I.PERSON:
		return value(word("person", text));
	case I.KAMOKU:
		return value(word("kamoku", text));
	case I.ARREARS:
		return yen(text);
	default:
		return value(text);
	}
}
