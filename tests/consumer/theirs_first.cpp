// This project's headers, found by their full names as well, then Ordinal's last layer alone.
#include <bench/options.h>
#include <core/error.h>
#include <nn/linear.h>
#include <tests/check_near.h>

#include <ordinal/positional.h>

#include <ordinal/core/error.h>
#include <ordinal/nn/linear.h>

int theirs_first() {
    using namespace consumer;
    return ordinal::Error("mine").what()[0] == 'm' ? own_error() + own_linear() + own_test() + own_option() : 0;
}
