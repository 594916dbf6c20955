/** At most `most` of a list, evenly spread, the first and the last among them. */
export function thin<Item>(list: readonly Item[], most: number): readonly Item[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => {
    const position = Math.round((index * (list.length - 1)) / (most - 1));
    return list[position] as Item;
  });
}
