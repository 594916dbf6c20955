/** What a span of work took of this process. */
export interface Span {
  /** Of wall time. */
  readonly seconds: number;
  /** Processors busy with it on the average: 2 where two cores did nothing else. */
  readonly cores: number;
}

/** Starts to measure; the function returned ends it. */
export function startStopwatch(): () => Span {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cores: (user + system) / 1e6 / seconds };
  };
}
