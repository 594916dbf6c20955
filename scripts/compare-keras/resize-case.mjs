export async function addResizeCase() {}
