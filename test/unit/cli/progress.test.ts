import { colorsFor } from "../../../src/cli/colors";
import { type ProgressSurface, startProgress } from "../../../src/cli/progress";

interface Recorded extends ProgressSurface {
  readonly drawn: string[];
  readonly logged: string[];
}

function surface(isLive: boolean, { columns = 100, isUnicode = true } = {}): Recorded {
  const drawn: string[] = [];
  const logged: string[] = [];
  return {
    drawn,
    logged,
    isLive,
    columns,
    isUnicode,
    colors: colorsFor({}, {}),
    draw: (line) => void drawn.push(line),
    log: (line) => void logged.push(line),
  };
}

/** A clock that is set by hand. */
function handClock() {
  const clock = () => clock.seconds;
  clock.seconds = 0;
  return clock;
}

describe("on a terminal", () => {
  test("the bar shows share, count, rate, time left and detail", () => {
    const clock = handClock();
    const shown = surface(true);
    const bar = startProgress(shown, "Training", 1000, clock);
    clock.seconds = 10;
    bar.update(250, "loss 0.412");
    expect(shown.drawn).toEqual([
      "Training  ━━━━━━━━──────────────────────   25 %  250/1,000  25/s  ETA 0:30  loss 0.412",
    ]);
  });

  test("it is drawn at most every 80 ms, but its end always", () => {
    const clock = handClock();
    const shown = surface(true);
    const bar = startProgress(shown, "x", 3, clock);
    bar.update(1);
    clock.seconds = 0.05;
    bar.update(2);
    bar.update(3);
    expect(shown.drawn.map((line) => line.match(/\d\/3/)?.[0])).toEqual(["1/3", "3/3"]);
  });

  test("it never fills the line: a full one would wrap", () => {
    for (const columns of [20, 40, 60, 200]) {
      const clock = handClock();
      const shown = surface(true, { columns });
      const bar = startProgress(shown, "Training epoch 1", 60_000, clock);
      clock.seconds = 3;
      bar.update(12_345, "loss 0.4120  accuracy 0.8712");
      expect(shown.drawn[0]?.length).toBeLessThan(columns);
    }
  });

  test("a terminal without Unicode gets ASCII", () => {
    const shown = surface(true, { isUnicode: false });
    startProgress(shown, "x", 10, handClock()).update(5);
    expect(shown.drawn[0]).toMatch(/^x {2}#+-+ {2}/);
    expect(shown.drawn[0]).toMatch(/^[ -~]*$/);
  });

  test("without a total there is a count and a rate, and no bar", () => {
    const clock = handClock();
    const shown = surface(true);
    const bar = startProgress(shown, "Predicting", undefined, clock);
    clock.seconds = 4;
    bar.update(8);
    expect(shown.drawn).toEqual(["Predicting  8  2.0/s"]);
  });

  test("finish takes the bar away, leaves the summary, and ends it", () => {
    const shown = surface(true);
    const bar = startProgress(shown, "x", 2, handClock());
    bar.finish("done");
    bar.update(2);
    bar.finish("again");
    expect(shown.drawn).toEqual([""]);
    expect(shown.logged).toEqual(["done"]);
  });
});

describe("in a log", () => {
  test("a line every 10 s in the first minute, every minute later, and no control characters", () => {
    const clock = handClock();
    const shown = surface(false);
    const bar = startProgress(shown, "Training", 3000, clock);
    for (let second = 1; second <= 300; second++) {
      clock.seconds = second;
      bar.update(second * 10, "loss 0.5");
    }
    expect(shown.drawn).toEqual([]);
    expect(shown.logged).toHaveLength(5 + 4);
    expect(shown.logged[0]).toBe("Training:  3 %  100/3,000  10/s  ETA 4:50  loss 0.5");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(shown.logged.join("")).not.toMatch(/[\r\u001b]/);
  });

  test("what is over within 10 s says nothing", () => {
    const clock = handClock();
    const shown = surface(false);
    const bar = startProgress(shown, "x", 10, clock);
    clock.seconds = 9;
    bar.update(10);
    bar.finish();
    expect(shown.logged).toEqual([]);
  });
});

test("the rate is that of the last seconds, not of the whole", () => {
  const clock = handClock();
  const shown = surface(true);
  const bar = startProgress(shown, "x", 100_000, clock);
  let done = 0;
  for (clock.seconds = 1; clock.seconds <= 60; clock.seconds++) {
    done += clock.seconds <= 40 ? 10 : 500;
    bar.update(done);
  }
  expect(shown.drawn.at(-1)).toContain("  500/s  ");
});
