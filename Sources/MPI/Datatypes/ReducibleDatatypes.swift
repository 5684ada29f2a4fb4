/// An element that MPI can add and multiply: integers, floating-point and complex numbers, vectors of them.
public protocol ArithmeticDatatype: Datatype {}

/// An element that MPI can compare: integers, floating-point numbers, vectors of them (lane by lane).
public protocol OrderedDatatype: Datatype {}

/// An element whose bits MPI can combine: integers, vectors of them.
public protocol BitwiseDatatype: Datatype {}

/// An element that is true or false.
public protocol LogicalDatatype: Datatype {}
