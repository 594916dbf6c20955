import { placesOf } from "../../../src/config/places-of";

test.each([
  ["epochs", ["train.epochs"]],
  ["layers", ["model.layers"]],
  ["patience", expect.arrayContaining(["train.earlyStopping.patience", "train.schedule.patience"])],
  ["testImages", ["data.testImages"]],
  ["filters", []],
  ["constructor", []],
])("%s", (key, places) => {
  expect(placesOf(key)).toEqual(places);
});
