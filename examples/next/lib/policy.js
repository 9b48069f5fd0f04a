import { open } from "privet";
import { pack } from "privet/policies/contact";

export const contact = open(pack);
