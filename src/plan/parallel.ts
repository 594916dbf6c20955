/** How devices are joined, bytes per second each way. */
export interface Link {
  readonly name: string;
  readonly bytesPerSecond: number;
  /** Of one message. */
  readonly latencySeconds: number;
}

/** Rates that are stated for them; a message's latency is what is usual. */
export const links: readonly Link[] = [
  { name: "10 Gb/s Ethernet", bytesPerSecond: 1.25e9, latencySeconds: 30e-6 },
  { name: "100 Gb/s network", bytesPerSecond: 12.5e9, latencySeconds: 10e-6 },
  { name: "PCIe 4.0 x16", bytesPerSecond: 32e9, latencySeconds: 10e-6 },
  { name: "NVLink (A100)", bytesPerSecond: 300e9, latencySeconds: 5e-6 },
];

/** How many devices a data-parallel run would use well. */
export interface ParallelFigures {
  readonly link: string;
  /** The most, a power of two, of which each does at least `goodShare` of what it does alone. */
  readonly devices: number;
  /** What each of them then does of it, 0 to 1. */
  readonly efficiency: number;
  /** Seconds of the exchange of gradients between so many. */
  readonly exchangeSeconds: number;
}

/** From here on a further device is worth having. */
export const goodShare = 0.8;

const mostDevices = 1024;

interface ParallelRequest {
  /** Of one device's step at its batch size. */
  readonly stepSeconds: number;
  readonly gradientBytes: number;
  /** Batches in an epoch: no more devices can have one each. */
  readonly batches: number | undefined;
}

/**
 * A ring all-reduce (each device sends 2 (n - 1) / n of the gradients, in 2 (n - 1) messages) after each step, nothing of it hidden behind the
 * backward pass; each device keeps the batch size.
 */
export function parallelFigures({ stepSeconds, gradientBytes, batches }: ParallelRequest): ParallelFigures[] {
  return links.map((link) => {
    let best = { devices: 1, efficiency: 1, exchangeSeconds: 0 };
    for (let devices = 2; devices <= Math.min(mostDevices, batches ?? mostDevices); devices *= 2) {
      const exchangeSeconds =
        ((2 * (devices - 1)) / devices) * (gradientBytes / link.bytesPerSecond) +
        2 * (devices - 1) * link.latencySeconds;
      const efficiency = stepSeconds / (stepSeconds + exchangeSeconds);
      if (efficiency >= goodShare) best = { devices, efficiency, exchangeSeconds };
    }
    return { link: link.name, ...best };
  });
}
