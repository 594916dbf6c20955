import { chronological } from "./chronological";
import { group } from "./group";
import { last } from "./last";
import { random } from "./random";
import { stratified } from "./stratified";

/** Every way to divide examples. A new one is a new file and a line here. */
export const splitMethods = { stratified, random, chronological, group, last } as const;

export type SplitMethodName = keyof typeof splitMethods;
