#include "driver.h"

#include "three.h"

#ifdef TASK_first
const lab::Function first("twice", [](lab::Call& call) { call.give(twice(call.number())); });
#endif
#ifdef TASK_second
const lab::Function second("total", [](lab::Call& call) { call.give(total(call.array().values)); });
#endif
#ifdef TASK_third
const lab::Function third("root", [](lab::Call& call) { call.give(root(call.number())); });
#endif

int main() { return lab::serve(); }
