import { constant, identity, ones, zeros } from "./constants";
import { orthogonal } from "./orthogonal";
import { randomNormal, randomUniform, truncatedNormal } from "./random";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  leCunNormal,
  leCunUniform,
  varianceScaling,
} from "./variance-scaling";

/** Every initializer: a new one is a definition and a line here. */
export const initializerDefinitions = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  leCunUniform,
  leCunNormal,
  varianceScaling,
  randomUniform,
  randomNormal,
  truncatedNormal,
  orthogonal,
  identity,
  constant,
  zeros,
  ones,
} as const;
