export async function addScheduleCases() {}
