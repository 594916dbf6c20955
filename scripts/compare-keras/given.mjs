/** A kind and its options as a case's name: `adam amsgrad true`. */
export function given(config) {
  return Object.entries(config)
    .map(([key, value]) => (key === "type" ? value : `${key} ${JSON.stringify(value).replaceAll('"', "")}`))
    .join(" ");
}
