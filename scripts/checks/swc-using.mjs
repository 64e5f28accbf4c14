/** Teaches the syntax tree's visitor in @swc/core, through which dependency-cruiser reads, the `using` declarations that it throws at. */
import { Visitor } from '@swc/core/Visitor.js'

const { visitStatement, visitForOfStatement } = Visitor.prototype

Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement)
  this.visitVariableDeclarators(statement.decls)
  return statement
}

Visitor.prototype.visitForOfStatement = function (statement) {
  if (statement.left.type !== 'UsingDeclaration') return visitForOfStatement.call(this, statement)
  this.visitVariableDeclarators(statement.left.decls)
  this.visitExpression(statement.right)
  this.visitStatement(statement.body)
  return statement
}
