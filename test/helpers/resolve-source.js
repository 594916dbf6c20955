// Finds modules for Jest. TypeScript wants `import("./x.js")` for what is x.ts until it is built; Jest runs the sources.
module.exports = (path, options) => {
  try {
    return options.defaultResolver(path, options);
  } catch (error) {
    if (!/^\..*\.js$/.test(path)) throw error;
    return options.defaultResolver(path.replace(/\.js$/, ".ts"), options);
  }
};
