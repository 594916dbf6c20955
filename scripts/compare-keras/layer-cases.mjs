export async function addLayerCases() {}
export async function addActivationCases() {}
