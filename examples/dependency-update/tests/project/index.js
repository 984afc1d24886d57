const chalk = require('chalk');
const pad = require('left-pad');

console.log(chalk.red(pad('1', 3)));
